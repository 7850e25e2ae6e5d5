/** Verbs of reactions that a screen may say. */
import type { Answer } from '../api/doors';
import { request } from '../api/http';
import type { MessageView } from '../api/types';
import { reactionsOf } from '../store/reactions';
import { queue } from './outbox';

/** As many as the server answers at once, unless it is asked for fewer. */
const PAGE = 50;

/** React to a message, or take that back where one did already; answers which it was. */
export function react(message: MessageView, emoji: string): boolean {
  const on = !reactionsOf(message).mine.includes(emoji);
  void queue('reaction.set', { chat_id: message.chat_id, seq: message.seq, emoji, on });
  return on;
}

export type ReactionList = Answer<`/chats/${number}/messages/${number}/reactions`, 'GET'>;

/** A page of those who reacted with an emoji; with any where it is empty. */
export const listReactions = (
  { chat_id, seq }: Pick<MessageView, 'chat_id' | 'seq'>,
  emoji: string,
  cursor = '',
  limit = PAGE,
): Promise<ReactionList> =>
  request('GET', `/chats/${chat_id}/messages/${seq}/reactions`, { query: { emoji, cursor, limit } });
