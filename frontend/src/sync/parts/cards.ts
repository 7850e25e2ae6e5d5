/** Verbs of link cards for the screens. */
import { request } from '../../api/http';
import type { MessageView } from '../../api/types';
import { cardsOf } from '../../store/parts/cards';

/** Asks for the cards of a message, where the server asks no pages by itself. */
export async function askForCards({ chat_id, seq }: MessageView): Promise<void> {
  await request('POST', `/chats/${chat_id}/messages/${seq}/cards`);
}

/** Removes all cards of a message, for all members. */
export async function removeCards(message: MessageView): Promise<void> {
  const { chat_id, seq } = message;
  for (const { place } of cardsOf(message)) await request('DELETE', `/chats/${chat_id}/messages/${seq}/cards/${place}`);
}

/** Switches the cards of a group for all its members. */
export async function setCards(chatId: number, cards: boolean): Promise<void> {
  await request('PATCH', `/chats/${chatId}`, { body: { cards } });
}
