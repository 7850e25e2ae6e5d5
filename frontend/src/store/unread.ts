/**
 * Unread counts: the server counts as of a change of the chat, later changes are added here. Exact in any order (I15).
 */

import type { MemberState, MessageView } from '../api/types';

/** The server counts no further: this number means as many or more. */
export const UNREAD_MAX = 1000;
/** The number of kept changes of a chat: answers are not older than that. */
const LATER_MAX = 1000;

export interface Later {
  ev: number;
  seq: number;
  by: 1 | -1;
}

interface Count {
  /** The change of the chat at which the server counted last. */
  at: number;
  /** The last new or deleted messages of others. */
  later: Later[];
  /** My last message; before it everything was read when it came. */
  own: { seq: number; ev: number };
}

const counts = new Map<number, Count>();
const countOf = (chatId: number): Count => counts.get(chatId) ?? { at: 0, later: [], own: { seq: 0, ev: 0 } };

/** Returns the message after which messages are unread to me. */
export const unreadAfter = ({ read_seq, unread_from }: MemberState): number =>
  unread_from ? unread_from - 1 : read_seq;

/** Shows a view of the chat as of the change `at`; later changes are applied again. */
export function startCount(chatId: number, at: number): void {
  counts.set(chatId, { at, later: [], own: { seq: 0, ev: 0 } });
}

/** Returns the current unread count: the server's as of the change `at`, with later messages beyond `after`. */
export function countNow(chatId: number, unread: number, at: number, after: number): number {
  const kept = countOf(chatId);
  counts.set(chatId, { ...kept, at });
  const since = kept.later.filter((one) => one.ev > at && one.seq > after);
  return capped(
    unread,
    since.reduce((sum, one) => sum + one.by, 0),
  );
}

/** Returns the unread count after a new or deleted message of another person. */
export function countAfter(chatId: number, my: MemberState, change: Later): number {
  // An answer to this device has no number, and its event comes too.
  if (!change.ev) return my.unread;
  const kept = countOf(chatId);
  if (kept.later.push(change) > 2 * LATER_MAX) kept.later = kept.later.slice(-LATER_MAX);
  counts.set(chatId, kept);
  // The count may include it already; a pending request may have marked read messages as unread.
  return change.ev > kept.at && change.seq > unreadAfter(my) ? capped(my.unread, change.by) : my.unread;
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
    return { ...later, unread: countNow(chatId, told.unread, told.at_ev, after) };
  if (after === unreadAfter(kept)) return { ...later, unread: kept.unread };
  return { ...later, unread: countNow(chatId, 0, own.ev, after) };
}

const capped = (unread: number, by: number): number =>
  unread >= UNREAD_MAX ? UNREAD_MAX : Math.min(UNREAD_MAX, Math.max(0, unread + by));
