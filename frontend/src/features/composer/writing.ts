/** The text of a new message: the draft of the chat, the message that it replies to, and the files of the tray. */
import { t } from '../../i18n';
import { shownMessage } from '../../store/aside';
import { drafts, setDraft } from '../../store/drafts';
import { setTray, sizeMax, trayOf } from '../../store/mine/tray';
import { nameOf } from '../../store/users';
import { send, sendFiles, typingIn } from '../../sync';
import { namedIn, none, type Words } from './words';

export function useWriting(chatId: number): Words {
  const draft = drafts.value.get(chatId) ?? none;
  const files = trayOf(chatId);
  const { replyTo } = draft;
  const answered = replyTo ? shownMessage(chatId, replyTo) : null;
  return {
    written: draft,
    above: replyTo
      ? {
          title: t().replyTo(answered ? nameOf(answered.sender_id) : '…'),
          message: answered,
          leave: () => setDraft(chatId, { ...draft, replyTo: null }),
        }
      : null,
    files: !files.length ? 'none' : files.some(({ file }) => file.size > sizeMax()) ? 'wrong' : 'some',
    label: t().send,
    icon: 'send',
    write: (text, mentions) => {
      setDraft(chatId, { ...draft, text, mentions });
      if (text) typingIn(chatId);
    },
    submit: () => {
      const mentions = namedIn(chatId, draft);
      if (!files.length) return send(chatId, draft, mentions);
      setTray(chatId, []);
      return sendFiles(chatId, draft, mentions, files);
    },
  };
}
