/**
 * Counts of unread messages and of mentions among them: the server counts as of a change of the chat, later changes are
 * added here. Exact in any order (I15).
 */
import type { MemberState, MessageView } from '../api/types';

/** The server counts no further: this number means as many or more. */
export const UNREAD_MAX = 1000;
export const MENTIONS_MAX = 100;
/** The number of kept changes of a chat: answers are not older than that. */
const LATER_MAX = 1000;

/** Returns the text of a count: from `most` on it means as many or more. */
export const countWords = (count: number, most: number): string => (count < most ? String(count) : `${most - 1}+`);

type Unread = Pick<MemberState, 'unread' | 'mentions'>;
const NONE: Unread = { unread: 0, mentions: 0 };

/** The effect of a change of the chat on its counts, by the message `seq`. */
export interface Later extends Unread {
  ev: number;
  seq: number;
}

interface Count {
  /** The change of the chat at which the server counted last. */
  at: number;
  /** The last changes that count. */
  later: Later[];
  /** My last message; before it everything was read when it came. */
  own: { seq: number; ev: number };
}

const counts = new Map<number, Count>();
const countOf = (chatId: number): Count => counts.get(chatId) ?? { at: 0, later: [], own: { seq: 0, ev: 0 } };

/** Returns the message after which messages are unread to me. */
export const unreadAfter = ({ read_seq, unread_from }: Pick<MemberState, 'read_seq' | 'unread_from'>): number =>
  unread_from ? unread_from - 1 : read_seq;

/** Shows a view of the chat as of the change `at`; later changes are applied again. */
export function startCount(chatId: number, at: number): void {
  counts.set(chatId, { at, later: [], own: { seq: 0, ev: 0 } });
}

/** Returns the current counts: the server's as of the change `at`, with later messages beyond `after`. */
export function countNow(chatId: number, told: Unread, at: number, after: number): Unread {
  const kept = countOf(chatId);
  counts.set(chatId, { ...kept, at });
  const since = kept.later.filter((one) => one.ev > at && one.seq > after);
  return added(told, since.reduce(plus, NONE));
}

/** Returns the counts after a new, changed or deleted message of another person. */
export function countAfter(chatId: number, my: MemberState, change: Later): Unread {
  const { unread, mentions } = my;
  // An answer to this device has no number, and its event comes too.
  if (!change.ev) return { unread, mentions };
  const kept = countOf(chatId);
  if (kept.later.push(change) > 2 * LATER_MAX) kept.later = kept.later.slice(-LATER_MAX);
  counts.set(chatId, kept);
  // The counts may include it already; a pending request may have marked read messages as unread.
  return added(my, change.ev > kept.at && change.seq > unreadAfter(my) ? change : NONE);
}

/** Counts my message of the change `ev`: writing means having read. */
export function noteOwn({ chat_id, seq }: MessageView, ev: number): void {
  const kept = countOf(chat_id);
  if (seq > kept.own.seq && ev) counts.set(chat_id, { ...kept, own: { seq, ev } });
}

/** Returns the later of two states, counted up to now. A message of mine may have moved the mark of the kept one. */
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
