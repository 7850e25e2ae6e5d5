/** The text that the composer works on: a new message, or an edit. */
import type { MessageView } from '../../api/types';
import { type Mention, named } from '../../lib/mentions';
import type { Draft } from '../../store/drafts';
import { members } from '../../store/members';
import { spelled } from '../../store/users';
import type { IconName } from '../../ui/Icon';

/** Other words for the same message, and the choice between them and one's own. */
export interface Clash {
  text: string;
  keep: () => void;
  take: () => void;
}

export interface Words {
  written: Draft;
  /** The strip above the field: its title, its message, the action that closes it, and a choice to make first. */
  above: { title: string; message: MessageView | null; leave: () => void; clash?: Clash | null } | null;
  /** Whether files go out with the text; `wrong`: one of them could not. */
  files: 'none' | 'some' | 'wrong';
  /** The label and the icon of the submit button. */
  label: string;
  icon: IconName;
  write: (text: string, mentions: readonly Mention[]) => void;
  submit: () => Promise<void>;
}

export const none: Draft = { text: '', replyTo: null, mentions: [] };

/** Returns the ids of the people whom the text mentions, including names typed by hand. */
export const namedIn = (chatId: number, { text, mentions }: Draft): number[] =>
  named(text, mentions, spelled((members.value.get(chatId) ?? []).map(({ user }) => user.id)));
