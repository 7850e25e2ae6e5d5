/**
 * Counts of unread messages and of mentions among them: the server gives them as of a change of the chat, and what came
 * after that change is added here. They are exact whichever comes first (I15).
 */
import type { MemberState, MessageView } from '../api/types';

/** The server counts no further: so many means so many or more. */
export const UNREAD_MAX = 1000;
export const MENTIONS_MAX = 100;
/** Changes kept of a chat: an answer is not older than that. */
const LATER_MAX = 1000;

/** A count on screen: from `most` on it means so many or more. */
export const countWords = (count: number, most: number): string => (count < most ? String(count) : `${most - 1}+`);

type Unread = Pick<MemberState, 'unread' | 'mentions'>;
const NONE: Unread = { unread: 0, mentions: 0 };

/** What a change of the chat adds to its counts, or takes from them, by the message `seq`. */
export interface Later extends Unread {
  ev: number;
  seq: number;
}

interface Count {
  /** The change of the chat at which the server counted last. */
  at: number;
  /** The last changes that count. */
  later: Later[];
  /** My last message, behind which nothing was unread when it came. */
  own: { seq: number; ev: number };
}

const counts = new Map<number, Count>();
const countOf = (chatId: number): Count => counts.get(chatId) ?? { at: 0, later: [], own: { seq: 0, ev: 0 } };

/** The message after which messages are unread to me. */
export const unreadAfter = ({ read_seq, unread_from }: Pick<MemberState, 'read_seq' | 'unread_from'>): number =>
  unread_from ? unread_from - 1 : read_seq;

/** A view of the chat as of the change `at` is shown from now on; what came after that comes again. */
export function startCount(chatId: number, at: number): void {
  counts.set(chatId, { at, later: [], own: { seq: 0, ev: 0 } });
}

/** The counts now, from the server's as of the change `at` and of messages beyond `after`. */
export function countNow(chatId: number, told: Unread, at: number, after: number): Unread {
  const kept = countOf(chatId);
  counts.set(chatId, { ...kept, at });
  const since = kept.later.filter((one) => one.ev > at && one.seq > after);
  return added(told, since.reduce(plus, NONE));
}

/** The counts after a message of another person came, changed or was deleted. */
export function countAfter(chatId: number, my: MemberState, change: Later): Unread {
  const { unread, mentions } = my;
  // Without a number it is an answer to ourselves, and the change itself comes too.
  if (!change.ev) return { unread, mentions };
  const kept = countOf(chatId);
  if (kept.later.push(change) > 2 * LATER_MAX) kept.later = kept.later.slice(-LATER_MAX);
  counts.set(chatId, kept);
  // The counts may hold it already; what was read may be marked as unread by a word that is still on its way.
  return added(my, change.ev > kept.at && change.seq > unreadAfter(my) ? change : NONE);
}

/** A message of mine came by the change `ev`: who writes has read. */
export function noteOwn({ chat_id, seq }: MessageView, ev: number): void {
  const kept = countOf(chat_id);
  if (seq > kept.own.seq && ev) counts.set(chat_id, { ...kept, own: { seq, ev } });
}

/** Of two states the later one, counted up to now. A message of mine may have moved the mark of the one that is kept. */
export function laterOf(chatId: number, kept: MemberState, told: MemberState): MemberState {
  const { at, own } = countOf(chatId);
  const read_seq = Math.max(kept.read_seq, told.read_seq);
  const later = { ...(told.rev < kept.rev ? kept : told), read_seq };
  const after = unreadAfter(later);
  if (after === unreadAfter(told) && (told.at_ev >= at || after !== unreadAfter(kept)))
    return { ...later, ...countNow(chatId, told, told.at_ev, after) };
  if (after === unreadAfter(kept)) return { ...later, unread: kept.unread, mentions: kept.mentions };
  return { ...later, ...countNow(chatId, NONE, own.ev, after) };
}

const plus = (one: Unread, other: Unread): Unread => ({
  unread: one.unread + other.unread,
  mentions: one.mentions + other.mentions,
});

const added = (told: Unread, by: Unread): Unread => ({
  unread: capped(told.unread, by.unread, UNREAD_MAX),
  mentions: capped(told.mentions, by.mentions, MENTIONS_MAX),
});

const capped = (told: number, by: number, most: number): number =>
  told >= most ? most : Math.min(most, Math.max(0, told + by));
