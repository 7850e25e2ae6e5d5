/** Reactions over a network that is away, refuses, or is away for the life of a page. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, MessageView } from '../api/types';

const message = { chat_id: 7, seq: 3, kind: 'text', text: 'words' } as MessageView;

/** The requests that the server took, and its answer to the next one: 0 is a lost network. */
let taken: string[];
let status: number;

beforeEach(() => {
  [taken, status] = [[], 200];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', async (path: string, init: RequestInit) => {
    if (!status) throw new TypeError('network');
    if (status !== 200) return Response.json({ status, code: 'x', detail: `refused with ${status}` }, { status });
    taken.push(`${init.method} ${decodeURIComponent(path)}`);
    return Response.json({ counts: [], mine: [], recent: [], at_ev: 9 });
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
  const [reactions, outbox, store, chats, cache, tabs] = await Promise.all([
    import('./reactions'),
    import('./outbox'),
    import('../store/reactions'),
    import('../store/chats'),
    import('./cache'),
    import('./line/tabs'),
  ]);
  outbox.start();
  tabs.join();
  chats.putChats([{ id: 7, kind: 'group', my_rights: ['react'], my: {} } as unknown as ChatView]);
  const refusals: string[] = [];
  outbox.onRefused((reason) => refusals.push(reason));
  const close = (): void => tabs.resign();
  const mine = (): readonly string[] => store.reactionsOf(message).mine;
  return { ...reactions, ...outbox, ...cache, mine, refusals, close };
}

/** Lets time pass, so that the storage finishes its work. */
async function pass(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms);
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve));
    await vi.advanceTimersByTimeAsync(0);
  }
}

const PATH = '/api/chats/7/messages/3/reactions';

it('is shown at once, and sent by the door where there is no socket', async () => {
  const { react, mine } = await page();
  expect(react(message, '👍')).toBe(true);
  await pass(0);
  expect(mine()).toEqual(['👍']);
  await pass(10);
  expect(taken).toEqual([`PUT ${PATH}/👍`]);
});

it('tells only the last of many taps that a network did not take, each emoji for itself', async () => {
  const { react, mine, retryAll } = await page();
  status = 0;
  for (const emoji of ['👍', '🎉', '👍', '👍', '🎉']) {
    react(message, emoji);
    await pass(10);
  }
  expect(mine()).toEqual(['👍']);
  status = 200;
  retryAll();
  await pass(3000);
  expect(taken.sort()).toEqual([`DELETE ${PATH}/🎉`, `PUT ${PATH}/👍`]);
});

it('survives the page', async () => {
  const first = await page();
  status = 0;
  first.react(message, '👍');
  await pass(100);
  first.close();
  const second = await page();
  await second.restore();
  expect(second.mine()).toEqual(['👍']);
  status = 200;
  second.retryAll();
  await pass(3000);
  expect(taken).toEqual([`PUT ${PATH}/👍`]);
});

it.each([
  [422, ['refused with 422']],
  [404, []],
] as const)('takes a reaction away that was refused with %s', async (refusal, said) => {
  const { react, mine, refusals, readOutbox } = await page();
  status = refusal;
  react(message, '👍');
  await pass(100);
  expect([mine(), refusals, await readOutbox()]).toEqual([[], [...said], []]);
});
