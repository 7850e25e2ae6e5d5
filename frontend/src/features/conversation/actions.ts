/** What can be done with a message: by its menu, and by keys when it has the focus. */
import type { MessageView } from '../../api/types';
import { t } from '../../i18n';
import { moved } from '../../lib/mentions';
import { chat } from '../../store/chats';
import { type Draft, drafts, setDraft } from '../../store/drafts';
import { myId } from '../../store/session';
import { remove } from '../../sync';
import type { MenuItem } from '../../ui/Menu';
import { toast } from '../../ui/Toast';

export interface Action extends MenuItem {
  /** The place of its key on the keyboard. */
  code?: string;
}

export interface Doing {
  edit: (message: MessageView) => void;
  details: (message: MessageView) => void;
}

export function actionsFor(message: MessageView, doing: Doing): Action[] {
  const isMine = message.sender_id === myId();
  const view = chat(message.chat_id);
  const mayDelete = isMine || (view?.kind === 'group' && view.my_role !== 'member');
  const all: Action[] = [{ label: t().reply, icon: 'reply', code: 'KeyR', run: () => reply(message) }];
  if (isMine) all.push({ label: t().edit, icon: 'edit', code: 'KeyE', run: () => doing.edit(message) });
  all.push({ label: t().copy, icon: 'copy', code: 'KeyC', run: () => copy(message.text, t().copied) });
  all.push({ label: t().copyMessageLink, icon: 'link', run: () => copy(linkTo(message), t().linkCopied) });
  if (view?.kind !== 'saved') all.push({ label: t().whoRead, icon: 'read', run: () => doing.details(message) });
  else if (message.edited_at) all.push({ label: t().history, icon: 'history', run: () => doing.details(message) });
  if (mayDelete)
    all.push({ label: t().remove, icon: 'remove', code: 'Delete', danger: true, run: () => void remove(message) });
  return all;
}

/** The address of a message, for people who are in the chat. */
export const linkTo = ({ chat_id, seq }: MessageView): string => `${location.origin}/chat/${chat_id}/${seq}`;

/** What was begun to write stays; the reply joins it. `quote` is the part of the message that is meant. */
export function reply({ chat_id, seq }: MessageView, quote = ''): void {
  const draft: Draft = drafts.value.get(chat_id) ?? { text: '', mentions: [], replyTo: null };
  const lines = quote && `${quote.replace(/^/gm, '> ')}\n`;
  const text = lines + draft.text;
  setDraft(chat_id, { replyTo: seq, text, mentions: moved(draft.mentions, draft.text, text, lines.length) });
}

function copy(text: string, words: string): void {
  navigator.clipboard?.writeText(text).then(
    () => toast(words),
    () => toast(t().failed),
  );
}
