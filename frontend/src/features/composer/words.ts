/** What the field of the composer works on: words that are written anew, or those of a message that is edited. */
import type { MessageView } from '../../api/types';
import { type Mention, named } from '../../lib/mentions';
import type { Draft } from '../../store/drafts';
import { members } from '../../store/members';
import { spelled } from '../../store/users';
import type { IconName } from '../../ui/Icon';

export interface Words {
  written: Draft;
  /** What is said above the field, of which message, and how that is left. */
  above: { title: string; message: MessageView | null; leave: () => void } | null;
  /** What submitting does, in a word and a picture. */
  label: string;
  icon: IconName;
  write: (text: string, mentions: readonly Mention[]) => void;
  submit: () => Promise<void>;
}

export const none: Draft = { text: '', replyTo: null, mentions: [] };

/** Returns the ids of the people who are meant in the words, those included whose names were typed by hand. */
export const namedIn = (chatId: number, { text, mentions }: Draft): number[] =>
  named(text, mentions, spelled((members.value.get(chatId) ?? []).map(({ user }) => user.id)));
