/** Actions on one message, or on all selected ones. */
import type { MessageView } from '../api/types';
import { filesOf } from '../content/file/files';
import { written } from '../content/written';
import { t } from '../i18n';
import { serverNow } from '../lib/clock';
import { moved } from '../lib/mentions';
import { chat } from '../store/chats';
import { type Draft, drafts, setDraft } from '../store/drafts';
import { myId, server } from '../store/session';
import { remove } from '../sync';
import { type Copied, toClipboard } from '../ui/clipboard';
import { toast } from '../ui/Toast';
import type { Act, Context } from './act';

/** Returns the selected message if it is the only one. */
const single = ({ messages }: Context): MessageView | undefined => (messages.length === 1 ? messages[0] : undefined);
const isSaved = ({ chat_id }: MessageView): boolean => chat(chat_id)?.kind === 'saved';
const isMine = ({ sender_id }: MessageView): boolean => sender_id === myId();

/** Says whether exactly one message is selected and the condition holds for it. */
const isOne =
  (isSo: (message: MessageView) => boolean) =>
  (context: Context): boolean => {
    const message = single(context);
    return message !== undefined && isSo(message);
  };

/** Says whether the server still accepts a change by the author, which it does for a while. */
function isFresh({ sent_at }: MessageView): boolean {
  const most = server.value?.limits.edit_window_s ?? Infinity;
  return !(serverNow() - Date.parse(sent_at) > most * 1000);
}

/** Says whether the server would accept an edit now. */
export const mayEdit = (message: MessageView): boolean =>
  isMine(message) && message.kind === 'text' && !message.deleted_at && isFresh(message);

/** Says whether the server would accept a deletion now. */
function mayRemove(message: MessageView): boolean {
  const view = chat(message.chat_id);
  if (message.kind !== 'text' || message.deleted_at) return false;
  return Boolean(view?.my_rights.includes('delete')) || (isMine(message) && isFresh(message));
}

/** Starts a reply; a draft stays and the reply joins it. `quote` is the selected part of the message. */
export function reply({ chat_id, seq }: MessageView, quote = ''): void {
  const draft: Draft = drafts.value.get(chat_id) ?? { text: '', mentions: [], replyTo: null };
  const lines = quote && `${quote.replace(/^/gm, '> ')}\n`;
  const text = lines + draft.text;
  setDraft(chat_id, { ...draft, replyTo: seq, text, mentions: moved(draft.mentions, draft.text, text, lines.length) });
}

/** Returns the address of a message, for people who are in the chat. */
const linkTo = ({ chat_id, seq }: MessageView): string => `${location.origin}/chat/${chat_id}/${seq}`;

function copy(copied: Copied, words: string): void {
  toClipboard(copied).then(
    () => toast(words),
    () => toast(t().failed),
  );
}

/** Runs an action on every selected message. */
const each =
  (run: (message: MessageView) => void) =>
  ({ messages }: Context): void =>
    messages.forEach(run);
const details = ({ messages, open }: Context): void => {
  const [message] = messages;
  if (message) open({ kind: 'details', message });
};

export const messageActs: readonly Act[] = [
  {
    id: 'reply',
    on: 'messages',
    label: () => t().reply,
    icon: 'reply',
    chord: { code: 'KeyR' },
    when: isOne(() => true),
    run: each((message) => reply(message)),
  },
  {
    id: 'edit',
    on: 'messages',
    label: () => t().edit,
    icon: 'edit',
    chord: { code: 'KeyE' },
    when: isOne(mayEdit),
    run: ({ messages: [message], open }) => message && open({ kind: 'edit', message }),
  },
  {
    id: 'describe',
    on: 'messages',
    label: () => t().describe,
    icon: 'fileImage',
    when: isOne((message) => mayEdit(message) && filesOf(message).length > 0),
    run: ({ messages: [message], open }) => message && open({ kind: 'alts', message }),
  },
  {
    id: 'copy',
    on: 'messages',
    label: () => t().copy,
    icon: 'copy',
    chord: { code: 'KeyC' },
    run: ({ messages }) => copy(written(messages), t().copied),
  },
  {
    id: 'copy-link',
    on: 'messages',
    label: () => t().copyMessageLink,
    icon: 'link',
    when: isOne(() => true),
    run: each((message) => copy({ text: linkTo(message) }, t().linkCopied)),
  },
  {
    id: 'select',
    on: 'messages',
    label: () => t().select,
    icon: 'check',
    chord: { code: 'Space' },
    when: isOne(() => true),
    run: ({ messages: [message], open }) => message && open({ kind: 'select', message }),
  },
  {
    id: 'author',
    on: 'messages',
    label: () => t().profile,
    icon: 'person',
    when: isOne((message) => !isMine(message)),
    run: ({ messages: [message], open }) => message && open({ kind: 'person', userId: message.sender_id }),
  },
  {
    id: 'readers',
    on: 'messages',
    label: () => t().whoRead,
    icon: 'read',
    when: isOne((message) => !isSaved(message)),
    run: details,
  },
  {
    id: 'history',
    on: 'messages',
    label: () => t().history,
    icon: 'history',
    when: isOne((message) => isSaved(message) && Boolean(message.edited_at)),
    run: details,
  },
  {
    id: 'remove',
    on: 'messages',
    label: () => t().remove,
    icon: 'remove',
    chord: { code: 'Delete' },
    danger: true,
    when: ({ messages }) => messages.every(mayRemove),
    run: ({ messages }) => {
      const [first] = messages;
      if (first)
        void remove(
          first.chat_id,
          messages.map((one) => one.seq),
        );
    },
  },
];
