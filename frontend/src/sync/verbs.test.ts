/** Read marks and deletions over a network that answers late, refuses, or is away for the life of a page. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, MemberState } from '../api/types';

const my = { read_seq: 3, unread: 6, at_ev: 9, rev: 1, unread_from: null } as MemberState;

/** The requests that the server took, and its answer to the next one. */
let taken: [asked: string, seq: number][];
let answer: 'taken' | 'unreachable' | 'refused';
/** Listeners for the closing of the page. */
let gone: (() => void)[];
/** The messages that the server does not delete. */
let kept: number[];

beforeEach(() => {
  [taken, answer, gone, kept] = [[], 'taken', [], []];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.stubGlobal('addEventListener', (_: string, listener: () => void) => gone.push(listener));
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (answer === 'unreachable') throw new TypeError('network');
    if (answer === 'refused')
      return Response.json({ status: 404, code: 'chat.not_found', detail: 'no such chat' }, { status: 404 });
    const { seq = 0, seqs } = JSON.parse(String(init.body ?? '{}')) as { seq?: number; seqs?: number[] };
    taken.push([`${init.method} ${path}`, seqs?.length ?? seq]);
    if (seqs) {
      const refused = seqs.filter((one) => kept.includes(one)).map((one) => ({ seq: one, code: 'chat.forbidden' }));
      return Response.json({ deleted: seqs.filter((one) => !kept.includes(one)), refused });
    }
    return Response.json({ ...my, read_seq: seq, unread: 0, at_ev: 20 });
  });
});

afterEach(async () => {
  const { clearAll } = await import('./cache');
  await clearAll();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Opens a page: modules of its own, the browser's storage shared with the pages before it. */
async function page() {
  vi.resetModules();
  const [commands, settings, outbox, items, messages, chats, mine, cache, tabs] = await Promise.all([
    import('./commands'),
    import('./mine'),
    import('./outbox'),
    import('../store/outbox'),
    import('../store/messages'),
    import('../store/chats'),
    import('../store/mine/state'),
    import('./cache'),
    import('./line/tabs'),
  ]);
  outbox.start();
  tabs.join();
  chats.putChats([{ id: 7, kind: 'group', head_seq: 9, member_count: 2, at_ev: 9, my } as ChatView]);
  /** Closes the page, or takes its lead: it sends nothing more. */
  const close = (): void => tabs.resign();
  const refusals: string[] = [];
  outbox.onRefused((reason) => refusals.push(reason));
  return { ...commands, ...settings, ...outbox, ...items, ...messages, ...chats, ...mine, ...cache, close, refusals };
}

/** Lets time pass, so that the storage finishes its work. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Returns the request that deletes so many messages at once. */
const deleted = (count: number): [string, number] => ['POST /api/chats/7/messages/delete', count];
const DELETED = deleted(1);

it('tells the furthest mark once a second, over REST where there is no socket', async () => {
  const { markRead, chat, readOutbox } = await page();
  for (const seq of [2, 5, 4, 8]) markRead(7, seq);
  await pass(900);
  expect(taken).toEqual([]);
  await pass(200);
  expect(taken).toEqual([['PUT /api/chats/7/read', 8]]);
  expect(chat(7)).toMatchObject({ my: { read_seq: 8, unread: 0 } });
  await pass(5000);
  expect(taken).toHaveLength(1);
  expect(await readOutbox()).toEqual([]);
});

it('tells a mark again until the server answers, also from the next page', async () => {
  answer = 'unreachable';
  const first = await page();
  first.markRead(7, 6);
  await pass(20_000);
  first.close();
  answer = 'taken';
  const second = await page();
  await second.restore();
  await pass(1100);
  expect(taken).toEqual([['PUT /api/chats/7/read', 6]]);
  expect(await second.readOutbox()).toEqual([]);
});

it('lets go of a mark the server refuses, and of one it has already', async () => {
  answer = 'refused';
  const { markRead, queue, readOutbox, refusals } = await page();
  markRead(7, 6);
  await pass(1100);
  expect(refusals).toEqual([]);
  answer = 'taken';
  await queue('receipt.read', { chat_id: 7, seq: 2 });
  await pass(60_000);
  expect(taken).toEqual([]);
  expect(await readOutbox()).toEqual([]);
});

it('says once that I listened to a voice message, also from the next page', async () => {
  answer = 'unreachable';
  const first = await page();
  const heard = { chat_id: 7, seq: 4 };
  await first.queue('voice.listen', heard);
  await first.queue('voice.listen', heard);
  await pass(100);
  first.close();
  answer = 'taken';
  const second = await page();
  await second.restore();
  expect(second.itemsOf('voice.listen')).toHaveLength(1);
  await pass(5100);
  expect(taken).toEqual([['PUT /api/chats/7/messages/4/listened', 0]]);
  expect(await second.readOutbox()).toEqual([]);
});

const SET: [string, number] = ['PATCH /api/chats/7/my', 0];

it('sets each field of a chat apart, of each the last word, also from the next page', async () => {
  answer = 'unreachable';
  const first = await page();
  const shown = () => first.mine(first.chat(7) as ChatView);
  first.setMine(7, { pin: 1 });
  await pass(100);
  first.setMine(7, { pin: 2, level: 'none' });
  expect(shown()).toMatchObject({ pin: 2, level: 'none', unread: 6 });
  await pass(20_000);
  first.close();
  answer = 'taken';
  const second = await page();
  await second.restore();
  expect(second.mine(second.chat(7) as ChatView)).toMatchObject({ pin: 2, level: 'none' });
  await pass(100);
  expect(taken).toEqual([SET, SET]);
  expect(await second.readOutbox()).toEqual([]);
});

it('takes back on screen what the server refuses of a chat, and says why', async () => {
  answer = 'refused';
  const { setMine, mine, chat, refusals } = await page();
  setMine(7, { pin: 1 });
  expect(mine(chat(7) as ChatView).pin).toBe(1);
  await pass(100);
  expect(mine(chat(7) as ChatView).pin).toBeUndefined();
  expect(refusals).toEqual(['no such chat']);
});

it('takes the mark as unread away only where there is one, never with a read mark', async () => {
  const { clearUnread, markUnread, markAsRead, markRead, mine, chat } = await page();
  const from = () => mine(chat(7) as ChatView).unread_from;
  clearUnread(7);
  markRead(7, 9);
  await pass(1100);
  expect(taken).toEqual([['PUT /api/chats/7/read', 9]]);
  answer = 'unreachable';
  markUnread(7);
  expect(from()).toBe(9);
  await pass(100);
  markRead(7, 10);
  expect(from()).toBe(9);
  markAsRead(7);
  expect(from()).toBeNull();
});

it('hides a message at once and deletes it after ten seconds, unless that was taken back', async () => {
  const { remove, removing, itemsOf, withdraw, readOutbox } = await page();
  await remove(7, [9]);
  expect(removing.value).toEqual(new Set(['7/9']));
  await pass(9000);
  withdraw(itemsOf('messages.delete')[0]?.cmid ?? '');
  expect(removing.value.size).toBe(0);
  await pass(5000);
  await remove(7, [9]);
  await pass(9900);
  expect(taken).toEqual([]);
  await pass(200);
  expect(taken).toEqual([DELETED]);
  expect(removing.value.size).toBe(1);
  // The event has arrived.
  await pass(2000);
  expect(removing.value.size).toBe(0);
  expect(await readOutbox()).toEqual([]);
});

it('deletes also where the clock was set back meanwhile', async () => {
  const { remove } = await page();
  await remove(7, [9]);
  vi.setSystemTime(Date.now() - 3_600_000);
  await pass(10_100);
  expect(taken).toEqual([DELETED]);
});

it('can take a deletion back after the page was loaded anew', async () => {
  const first = await page();
  await first.remove(7, [9]);
  await pass(4000);
  first.close();
  const second = await page();
  await second.restore();
  expect(second.removing.value).toEqual(new Set(['7/9']));
  await pass(4000);
  second.withdraw(second.itemsOf('messages.delete')[0]?.cmid ?? '');
  await pass(20_000);
  expect(taken).toEqual([]);
  expect(await second.readOutbox()).toEqual([]);
});

it('deletes at once when the page is closed, and when the session ends', async () => {
  const { remove, flush, clearAll, outbox } = await page();
  await remove(7, [9]);
  for (const listener of gone) listener();
  await pass(0);
  expect(taken).toEqual([DELETED]);
  await flush();
  expect(taken).toEqual([DELETED, DELETED]);
  outbox.value = [];
  await clearAll();
});

it('shows a message again whose deletion is refused, and says why', async () => {
  answer = 'refused';
  const { remove, removing, refusals, readOutbox } = await page();
  await remove(7, [9]);
  await pass(10_100);
  expect(removing.value.size).toBe(0);
  expect(refusals).toEqual(['no such chat']);
  expect(await readOutbox()).toEqual([]);
});

it('deletes what was selected together in requests of a hundred, and takes it back together', async () => {
  const { remove, removing, itemsOf, withdraw } = await page();
  const seqs = Array.from({ length: 230 }, (_, n) => n + 1);
  await remove(7, seqs);
  expect([removing.value.size, itemsOf('messages.delete').length]).toEqual([230, 3]);
  for (const { cmid } of itemsOf('messages.delete')) withdraw(cmid);
  expect(removing.value.size).toBe(0);
  await remove(7, seqs);
  await pass(10_100);
  expect(taken).toEqual([deleted(100), deleted(100), deleted(30)]);
});

it('shows those messages again that the server does not delete, and says how many', async () => {
  const { remove, removing, refusals, readOutbox } = await page();
  kept = [8, 9];
  await remove(7, [7, 8, 9]);
  expect(removing.value.size).toBe(3);
  await pass(10_100);
  expect(removing.value.size).toBe(0);
  expect(refusals).toEqual(['2 messages could not be deleted']);
  expect(await readOutbox()).toEqual([]);
});

it('does not keep other keys waiting behind one that fails', async () => {
  const { remove, markRead } = await page();
  answer = 'unreachable';
  await remove(7, [9]);
  await pass(10_100);
  answer = 'taken';
  markRead(7, 9);
  await pass(1100);
  expect(taken).toContainEqual(['PUT /api/chats/7/read', 9]);
});
