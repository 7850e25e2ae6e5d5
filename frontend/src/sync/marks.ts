/** Read marks on their way: told once a second over whatever line there is, kept until the server took them. */
import { request } from '../api/http';
import { Problem } from '../api/problem';
import type { ReadState } from '../api/types';
import { backoff } from '../lib/backoff';
import { changeChat, chat } from '../store/chats';
import { countNow } from '../store/unread';
import { dropMark, keepMark, readMarks } from './cache';
import { ask } from './line/frames';
import { isOpen } from './line/tabs';

const FLUSH_MS = 1000;

const marks = new Map<number, number>();
let timer: ReturnType<typeof setTimeout> | undefined;
let isSending = false;
let tries = 0;

/** Everything up to `seq` was seen. */
export function markRead(chatId: number, seq: number): void {
  const view = chat(chatId);
  if (!view || seq <= Math.max(view.read_seq ?? 0, marks.get(chatId) ?? 0)) return;
  marks.set(chatId, seq);
  void keepMark(chatId, seq);
  timer ??= setTimeout(sendMarks, FLUSH_MS);
}

/** Take the marks an earlier page could not tell. */
export async function restoreMarks(): Promise<void> {
  for (const [chatId, seq] of await readMarks()) {
    markRead(chatId, seq);
    if (marks.get(chatId) !== seq) void dropMark(chatId, seq);
  }
}

/** The session is over. */
export function dropMarks(): void {
  clearTimeout(timer);
  timer = undefined;
  marks.clear();
}

/** Tell all marks now; those nobody answered for are told again later. */
export async function sendMarks(): Promise<void> {
  clearTimeout(timer);
  timer = undefined;
  if (isSending) return;
  isSending = true;
  for (const [chatId, seq] of [...marks]) {
    const least = await attempt(chatId, seq);
    if (least === null) continue;
    timer ??= setTimeout(sendMarks, Math.max(FLUSH_MS, least, backoff(tries)));
    tries += 1;
    break;
  }
  isSending = false;
  // What was read meanwhile found its second taken.
  if (marks.size) timer ??= setTimeout(sendMarks, FLUSH_MS);
  else tries = 0;
}

/** One try; `null` when the mark is settled, or else the ms to wait at least. */
async function attempt(chatId: number, seq: number): Promise<number | null> {
  try {
    const { read_seq, unread, at_ev } = await post(chatId, seq);
    changeChat(chatId, (view) =>
      (view.read_seq ?? 0) <= read_seq ? { read_seq, unread: countNow(chatId, unread, at_ev, read_seq) } : {},
    );
  } catch (error) {
    if (error instanceof Problem && error.isPassing) return error.retryAfterMs;
  }
  if (marks.get(chatId) === seq) marks.delete(chatId);
  void dropMark(chatId, seq);
  return null;
}

const post = (chatId: number, seq: number): Promise<ReadState> =>
  isOpen() ? ask('receipt.read', { chat_id: chatId, seq }) : request('PUT', `/chats/${chatId}/read`, { body: { seq } });
