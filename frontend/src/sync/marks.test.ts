/** Read marks over a network that answers late, refuses, or is away for the life of a page. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView } from '../api/types';

/** What the server took, and what it does with the next mark. */
let taken: [string, number][];
let answer: 'taken' | 'unreachable' | 'refused';

beforeEach(() => {
  [taken, answer] = [[], 'taken'];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (answer === 'unreachable') throw new TypeError('network');
    if (answer === 'refused') return Response.json({ status: 404, code: 'chat.not_found' }, { status: 404 });
    const { seq } = JSON.parse(String(init.body)) as { seq: number };
    taken.push([`${init.method} ${path}`, seq]);
    return Response.json({ read_seq: seq, unread: 0, at_ev: 20 });
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A page: modules of its own, the browser's storage shared with the pages before it. */
async function page() {
  vi.resetModules();
  const [marks, chats, cache] = await Promise.all([import('./marks'), import('../store/chats'), import('./cache')]);
  chats.putChats([{ id: 7, kind: 'group', head_seq: 9, read_seq: 3, unread: 6, member_count: 2 } as ChatView]);
  return { ...marks, ...chats, ...cache };
}

/** Let a time pass, and the storage do what it was told. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

it('tells the furthest mark once a second, over REST where there is no socket', async () => {
  const { markRead, chat, readMarks } = await page();
  for (const seq of [2, 5, 4, 8]) markRead(7, seq);
  await pass(900);
  expect(taken).toEqual([]);
  await pass(200);
  expect(taken).toEqual([['PUT /api/chats/7/read', 8]]);
  expect(chat(7)).toMatchObject({ read_seq: 8, unread: 0 });
  await pass(5000);
  expect(taken).toHaveLength(1);
  expect(await readMarks()).toEqual(new Map());
});

it('tells a mark again until somebody answers, also from the next page', async () => {
  answer = 'unreachable';
  const first = await page();
  first.markRead(7, 6);
  await pass(20_000);
  first.dropMarks();
  answer = 'taken';
  const second = await page();
  await second.restoreMarks();
  await pass(1100);
  expect(taken).toEqual([['PUT /api/chats/7/read', 6]]);
  expect(await second.readMarks()).toEqual(new Map());
});

it('lets go of a mark the server refuses, and of one it has already', async () => {
  answer = 'refused';
  const { markRead, restoreMarks, keepMark, readMarks } = await page();
  markRead(7, 6);
  await pass(1100);
  await keepMark(7, 2);
  await restoreMarks();
  answer = 'taken';
  await pass(60_000);
  expect(taken).toEqual([]);
  expect(await readMarks()).toEqual(new Map());
});
