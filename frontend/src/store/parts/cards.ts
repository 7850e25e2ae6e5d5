/** Link cards: previews of the pages to which a message links. */
import type { CardView, MessageView } from '../../api/types';
import { chat } from '../chats';
import { myId, server } from '../session';
import type { Events, Windows } from '../slice';

/** Returns the cards of a message by their places. */
export const cardsOf = ({ parts }: MessageView): readonly CardView[] => parts?.cards?.items ?? [];

/** Says whether I may remove the cards of a message: of my own, or with the right to delete messages. */
export const mayRemoveCards = (message: MessageView): boolean =>
  cardsOf(message).length > 0 &&
  (message.sender_id === myId() || Boolean(chat(message.chat_id)?.my_rights.includes('delete')));

/** Says whether a member can ask for the cards of a message: the server asks no pages by itself. */
export const mayAskForCards = (message: MessageView): boolean =>
  server.value?.cards === 'click' &&
  Boolean(chat(message.chat_id)?.cards) &&
  !message.deleted_at &&
  !cardsOf(message).length &&
  message.entities.some(({ href }) => href?.startsWith('http'));

export const windows = {
  'cards.changed': (window, { seq, cards }) => {
    const place = window.items.findIndex((one) => one.seq === seq);
    const kept = window.items[place];
    if (!kept || kept.deleted_at) return window;
    return { ...window, items: window.items.with(place, { ...kept, parts: { ...kept.parts, cards } }) };
  },
} satisfies Windows;

export const events = {
  // Only messages in windows have cards.
  'cards.changed': () => {},
} satisfies Events;
