/** Unread counts: the server says one as of a change of the chat, what came after it is added here. Exact whichever comes first (I15). */

/** The server counts no further: so many means so many or more. */
export const UNREAD_MAX = 1000;
/** Changes kept of a chat: an answer is not older than that. */
const LATER_MAX = 1000;

interface Later {
  ev: number;
  seq: number;
  by: 1 | -1;
}

/** By chat: the change at which its count was taken, and the changes after it that made a message unread or took one away. */
const counts = new Map<number, { at: number; later: Later[] }>();

/** A view of the chat as of the change `at` is shown from now on. */
export function startCount(chatId: number, at: number): void {
  counts.set(chatId, { at, later: later(chatId).filter((one) => one.ev > at) });
}

/** The unread count now, from the server's as of the change `at` and behind the mark `readSeq`. */
export function countNow(chatId: number, unread: number, at: number, readSeq: number): number {
  startCount(chatId, at);
  const since = later(chatId).filter((one) => one.seq > readSeq);
  return capped(
    unread,
    since.reduce((sum, one) => sum + one.by, 0),
  );
}

/** The unread count after a change that made the message `seq` unread, or took an unread one away. */
export function countAfter(chatId: number, unread: number, change: Later): number {
  const kept = counts.get(chatId) ?? { at: 0, later: [] };
  // The count holds it already; without a number it is an answer to ourselves, and the change itself comes too.
  if (change.ev <= kept.at) return unread;
  if (kept.later.push(change) > 2 * LATER_MAX) kept.later = kept.later.slice(-LATER_MAX);
  counts.set(chatId, kept);
  return capped(unread, change.by);
}

const later = (chatId: number): Later[] => counts.get(chatId)?.later ?? [];

const capped = (unread: number, by: number): number =>
  unread >= UNREAD_MAX ? UNREAD_MAX : Math.min(UNREAD_MAX, Math.max(0, unread + by));
