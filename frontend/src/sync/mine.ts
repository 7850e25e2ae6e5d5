/** Changes of my state in a chat: on screen at once, on my other devices once the server has them. */
import type { Given, Verbs } from '../api/types';
import { chat } from '../store/chats';
import { mine } from '../store/mine/state';
import { markRead } from './commands';
import { queue } from './outbox';

export type MineChange = Omit<Given<Verbs['mine.set']['data']>, 'chat_id'>;

export function setMine(chatId: number, change: MineChange): void {
  for (const [name, value] of Object.entries(change)) {
    const one = { [name]: value } as MineChange;
    void queue('mine.set', { chat_id: chatId, ...one });
  }
}

/** Marks a chat as unread from its last message on. */
export const markUnread = (chatId: number): void =>
  setMine(chatId, { unread_from: Math.max(chat(chatId)?.head_seq ?? 0, 1) });

/** Marks a whole chat as read, and removes its unread mark. */
export function markAsRead(chatId: number): void {
  markRead(chatId, chat(chatId)?.head_seq ?? 0);
  clearUnread(chatId);
}

/** Removes an unread mark: opening the chat anew does that, a read mark never. */
export function clearUnread(chatId: number): void {
  const view = chat(chatId);
  if (view && mine(view).unread_from !== null) setMine(chatId, { unread_from: null });
}
