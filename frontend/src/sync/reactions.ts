/** Verbs of reactions for the screens. */
import type { Answer } from '../api/doors';
import { request } from '../api/http';
import type { MessageView } from '../api/types';
import { reactionsOf } from '../store/reactions';
import { queue } from './outbox';

/** The default number in one answer of the server. */
const PAGE = 50;

/** Adds my reaction to a message, or removes it; returns which it was. */
export function react(message: MessageView, emoji: string): boolean {
  const on = !reactionsOf(message).mine.includes(emoji);
  void queue('reaction.set', { chat_id: message.chat_id, seq: message.seq, emoji, on });
  return on;
}

export type ReactionList = Answer<`/chats/${number}/messages/${number}/reactions`, 'GET'>;

/** Returns a page of the people who reacted with an emoji; with any emoji if it is empty. */
export const listReactions = (
  { chat_id, seq }: Pick<MessageView, 'chat_id' | 'seq'>,
  emoji: string,
  cursor = '',
  limit = PAGE,
): Promise<ReactionList> =>
  request('GET', `/chats/${chat_id}/messages/${seq}/reactions`, { query: { emoji, cursor, limit } });
