/** Acts on previews of links: of a message, and of a whole group. */
import type { ChatView } from '../api/types';
import { t } from '../i18n';
import { chat } from '../store/chats';
import { cardsOf, mayRemoveCards } from '../store/parts/cards';
import { server } from '../store/session';
import { removeCards, setCards } from '../sync/parts/cards';
import { told } from '../ui/Toast';
import type { Act, Context } from './act';

const viewOf = (context?: Context): ChatView | undefined => (context?.chatId ? chat(context.chatId) : undefined);

export const cardActs: readonly Act[] = [
  {
    id: 'remove-cards',
    on: 'messages',
    label: (context) => t().removeCards(context?.messages[0] ? cardsOf(context.messages[0]).length : 1),
    icon: 'eyeOff',
    when: ({ messages: [message, ...more] }) => message !== undefined && !more.length && mayRemoveCards(message),
    run: ({ messages: [message] }) => message && removeCards(message).catch(told),
  },
  {
    id: 'toggle-cards',
    on: 'chat',
    label: (context) => (viewOf(context)?.cards === false ? t().cardsOn : t().cardsOff),
    icon: 'link',
    when: (context) => {
      const view = viewOf(context);
      const isAsking = server.value?.cards === 'on' || server.value?.cards === 'click';
      return isAsking && view?.kind === 'group' && view.my_rights.includes('info');
    },
    run: (context) => {
      const view = viewOf(context);
      if (view) setCards(view.id, view.cards === false).catch(told);
    },
  },
];
