/** Unread counts: the server says one as of a change of the chat, what came after it is added here. Exact whichever comes first (I15). */

import type { MemberState, MessageView } from '../api/types';

/** The server counts no further: so many means so many or more. */
export const UNREAD_MAX = 1000;
/** Changes kept of a chat: an answer is not older than that. */
const LATER_MAX = 1000;

export interface Later {
  ev: number;
  seq: number;
  by: 1 | -1;
}

interface Count {
  /** The change of the chat at which the server counted last. */
  at: number;
  /** The last messages of others that came or went. */
  later: Later[];
  /** My last message, behind which nothing was unread when it came. */
  own: { seq: number; ev: number };
}

const counts = new Map<number, Count>();
const countOf = (chatId: number): Count => counts.get(chatId) ?? { at: 0, later: [], own: { seq: 0, ev: 0 } };

/** The message after which messages are unread to me. */
export const unreadAfter = ({ read_seq, unread_from }: MemberState): number =>
  unread_from ? unread_from - 1 : read_seq;

/** A view of the chat as of the change `at` is shown from now on; what came after that comes again. */
export function startCount(chatId: number, at: number): void {
  counts.set(chatId, { at, later: [], own: { seq: 0, ev: 0 } });
}

/** The unread count now, from the server's as of the change `at` and of messages beyond `after`. */
export function countNow(chatId: number, unread: number, at: number, after: number): number {
  const kept = countOf(chatId);
  counts.set(chatId, { ...kept, at });
  const since = kept.later.filter((one) => one.ev > at && one.seq > after);
  return capped(
    unread,
    since.reduce((sum, one) => sum + one.by, 0),
  );
}

/** The unread count after a message of another person came or was deleted. */
export function countAfter(chatId: number, my: MemberState, change: Later): number {
  // Without a number it is an answer to ourselves, and the change itself comes too.
  if (!change.ev) return my.unread;
  const kept = countOf(chatId);
  if (kept.later.push(change) > 2 * LATER_MAX) kept.later = kept.later.slice(-LATER_MAX);
  counts.set(chatId, kept);
  // The count may hold it already; what was read may be marked as unread by a word that is still on its way.
  return change.ev > kept.at && change.seq > unreadAfter(my) ? capped(my.unread, change.by) : my.unread;
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
    return { ...later, unread: countNow(chatId, told.unread, told.at_ev, after) };
  if (after === unreadAfter(kept)) return { ...later, unread: kept.unread };
  return { ...later, unread: countNow(chatId, 0, own.ev, after) };
}

const capped = (unread: number, by: number): number =>
  unread >= UNREAD_MAX ? UNREAD_MAX : Math.min(UNREAD_MAX, Math.max(0, unread + by));
