/** Sends that survive everything: kept before they are shown, repeated until the answer is definite, in order per chat. */
import { request } from '../api/http';
import { Problem } from '../api/problem';
import type { MessageView } from '../api/types';
import { backoff, sleep, Waker } from '../lib/backoff';
import { uuid } from '../lib/browser';
import { apply } from '../store/apply';
import { chat } from '../store/chats';
import { type Pending, pending, pendingOf, putPending, settle } from '../store/messages';
import { effect } from '../store/signal';
import { dropPending, keepPending, readOutbox } from './cache';
import { ask } from './line/frames';
import { isOpen, leads, onPending, onSettled, type Settled, share } from './line/tabs';

/** Between tries of a message, longer than between sockets: what waits is woken when the line is back. */
const WAITS = { first: 1000, most: 60_000 };
const LEAST_MS = 500;

const draining = new Set<number>();
const pauses = new Waker();
let newest = 0;

/** Queue a message; its bubble is on screen when the promise resolves, and it is kept. */
export async function queue(
  chatId: number,
  text: string,
  replyTo: number | null,
  mentions: readonly number[],
): Promise<void> {
  const at = new Date().toISOString();
  newest = Math.max(Date.now(), newest + 1);
  const item: Pending = {
    cmid: uuid(),
    chatId,
    text,
    replyTo,
    mentions,
    at,
    order: newest,
    state: 'queued',
    reason: '',
  };
  await Promise.race([keepPending(item), sleep(500)]);
  show(item);
  void drain(chatId);
}

/** Take what an earlier page left behind, and send it. */
export async function restore(): Promise<void> {
  for (const item of (await readOutbox()) ?? []) putPending(item);
  retryAll();
}

/** The connection is back: everything that waits is tried now. */
export function retryAll(): void {
  pauses.wake();
  for (const chatId of new Set(pending.value.map((one) => one.chatId))) void drain(chatId);
}

export async function retry(cmid: string): Promise<void> {
  const item = pending.value.find((one) => one.cmid === cmid);
  if (!item) return;
  await update({ ...item, state: 'queued', reason: '' });
  void drain(item.chatId);
}

/** Take a message back that was not sent. */
export const withdraw = (cmid: string): void => drop({ cmid });

async function update(item: Pending): Promise<void> {
  show(item);
  await keepPending(item);
}

/** Show an item here and in the other tabs. */
function show(item: Pending): void {
  putPending(item);
  share({ what: 'pending', item });
}

/** An item is done with, in every tab. */
function drop(settled: Settled): void {
  gone(settled);
  share({ what: 'settled', settled });
}

function gone({ cmid, message }: Settled): void {
  // Only the next message of the chat: one further on waits for the events before it.
  if (message && message.seq <= (chat(message.chat_id)?.head_seq ?? 0) + 1)
    apply({ type: 'message.created', topic: '', ev: 0, at: message.sent_at, data: message });
  settle(cmid);
}

/** Follow what becomes of items, here and in the other tabs. */
export function start(): void {
  // However it was settled (by its answer, or by the event of it where the answer was lost): it is kept no longer.
  let known = pending.value;
  effect(() => {
    const left = new Set(pending.value.map((one) => one.cmid));
    for (const { cmid } of known) if (!left.has(cmid)) void dropPending(cmid);
    known = pending.value;
  });
  onSettled(gone);
  onPending((item) => {
    putPending(item);
    void drain(item.chatId);
  });
}

/** Send a chat's messages one after another; only the leading tab does. */
async function drain(chatId: number): Promise<void> {
  if (!leads() || draining.has(chatId)) return;
  draining.add(chatId);
  try {
    for (let tries = 0, item = head(chatId); item && leads(); item = head(chatId)) {
      const { times } = pauses;
      const least = await attempt(item);
      // A try that began on a dead line says nothing about the one that came back meanwhile.
      if (least !== null && times === pauses.times)
        await pauses.sleep(Math.max(LEAST_MS, least, backoff(tries, WAITS)));
      tries = least === null || times !== pauses.times ? 0 : tries + 1;
    }
  } finally {
    draining.delete(chatId);
  }
}

const head = (chatId: number): Pending | undefined => pendingOf(chatId).find((one) => one.state !== 'failed');

/** One try; `null` when the message is settled, one way or the other, or else the ms to wait at least. */
async function attempt(item: Pending): Promise<number | null> {
  if (!pending.value.some((one) => one.cmid === item.cmid)) return null;
  show({ ...item, state: 'sending' });
  try {
    drop({ cmid: item.cmid, message: await post(item) });
    return null;
  } catch (error) {
    if (!pending.value.some((one) => one.cmid === item.cmid)) return null;
    const problem = error instanceof Problem ? error : new Problem({ detail: String(error), status: 400 });
    const waits = problem.isPassing;
    await update({ ...item, state: waits ? 'queued' : 'failed', reason: waits ? '' : problem.message });
    return waits ? Math.min(problem.retryAfterMs, WAITS.most) : null;
  }
}

function post({ cmid, chatId, text, replyTo, mentions }: Pending): Promise<MessageView> {
  const body = { text, client_msg_id: cmid, reply_to: replyTo, mentions };
  if (isOpen()) return ask('message.send', { chat_id: chatId, ...body });
  return request('POST', `/chats/${chatId}/messages`, { body });
}
