/** The text of a new message: the draft of the chat, and the message that it replies to. */
import { t } from '../../i18n';
import { shownMessage } from '../../store/aside';
import { drafts, setDraft } from '../../store/drafts';
import { nameOf } from '../../store/users';
import { send, typingIn } from '../../sync';
import { namedIn, none, type Words } from './words';

export function useWriting(chatId: number): Words {
  const draft = drafts.value.get(chatId) ?? none;
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
    label: t().send,
    icon: 'send',
    write: (text, mentions) => {
      setDraft(chatId, { ...draft, text, mentions });
      if (text) typingIn(chatId);
    },
    submit: () => send(chatId, draft, namedIn(chatId, draft)),
  };
}
