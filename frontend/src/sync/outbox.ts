/** Sends that survive everything: kept before they are shown, repeated until the answer is definite, in order per chat. */
import { request } from '../api/http';
import { Problem } from '../api/problem';
import type { MessageView } from '../api/types';
import { backoff, sleep } from '../lib/backoff';
import { locked, uuid } from '../lib/browser';
import { apply } from '../store/apply';
import { chat } from '../store/chats';
import { type Pending, pending, pendingOf, putPending, settle } from '../store/messages';
import { dropPending, keepPending, readOutbox } from './cache';
import { ask } from './frames';
import { isOpen } from './socket';

const draining = new Set<number>();
let newest = 0;
let wake: () => void = () => {};

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
  putPending(item);
  void drain(chatId);
}

/** Take what an earlier page left behind, and send it. */
export async function restore(): Promise<void> {
  for (const item of (await readOutbox()) ?? [])
    putPending({ ...item, state: item.state === 'failed' ? 'failed' : 'queued' });
  retryAll();
}

/** The connection is back: everything that waits is tried now. */
export function retryAll(): void {
  wake();
  for (const chatId of new Set(pending.value.map((one) => one.chatId))) void drain(chatId);
}

export async function retry(cmid: string): Promise<void> {
  const item = pending.value.find((one) => one.cmid === cmid);
  if (!item) return;
  await update({ ...item, state: 'queued', reason: '' });
  void drain(item.chatId);
}

/** Take a message back that was not sent; its text. */
export async function withdraw(cmid: string): Promise<string> {
  const text = pending.value.find((one) => one.cmid === cmid)?.text ?? '';
  settle(cmid);
  await dropPending(cmid);
  return text;
}

async function update(item: Pending): Promise<void> {
  putPending(item);
  await keepPending(item);
}

/** Send a chat's messages one after another; other tabs that share the outbox wait for their turn. */
async function drain(chatId: number): Promise<void> {
  if (draining.has(chatId)) return;
  draining.add(chatId);
  try {
    for (let tries = 0, item = head(chatId); item; item = head(chatId)) {
      const current = item;
      const done = await locked(`outbox-${chatId}`, () => attempt(current));
      tries = done ? 0 : tries + 1;
      if (!done) await pause(tries);
    }
  } finally {
    draining.delete(chatId);
  }
}

const head = (chatId: number): Pending | undefined => pendingOf(chatId).find((one) => one.state !== 'failed');

async function pause(tries: number): Promise<void> {
  await Promise.race([
    sleep(Math.max(500, backoff(tries))),
    new Promise<void>((resolve) => {
      wake = resolve;
    }),
  ]);
}

/** One try; whether the message is settled, one way or the other. */
async function attempt(item: Pending): Promise<boolean> {
  if (!pending.value.some((one) => one.cmid === item.cmid)) return true;
  putPending({ ...item, state: 'sending' });
  try {
    const message = await post(item);
    // Only the next message of the chat: one further on waits for the events before it.
    if (message.seq <= (chat(item.chatId)?.head_seq ?? 0) + 1) {
      apply({ type: 'message.created', topic: '', ev: 0, at: message.sent_at, data: message });
    }
    settle(item.cmid);
    await dropPending(item.cmid);
    return true;
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem({ detail: String(error), status: 400 });
    if (pending.value.some((one) => one.cmid === item.cmid)) {
      const waits = problem.isPassing;
      await update({ ...item, state: waits ? 'queued' : 'failed', reason: waits ? '' : problem.message });
      if (waits && problem.retryAfterMs) await sleep(Math.min(problem.retryAfterMs, 5000));
      return !waits;
    }
    return true;
  }
}

function post({ cmid, chatId, text, replyTo, mentions }: Pending): Promise<MessageView> {
  const body = { text, client_msg_id: cmid, reply_to: replyTo, mentions };
  if (isOpen()) return ask<MessageView>('message.send', { chat_id: chatId, ...body });
  return request<MessageView>('POST', `/chats/${chatId}/messages`, { body });
}
