/** Sends over a network that loses requests and answers, through restarts of the page: each arrives once, in order. */
import 'fake-indexeddb/auto';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, MemberState } from '../api/types';

const my = { read_seq: 0, unread: 0, at_ev: 0, rev: 1, unread_from: null } as MemberState;

/** The server's messages and its rule: a known id is answered with the first message. */
class Network {
  readonly history = new Map<number, string[]>();
  readonly attempts: string[] = [];
  private readonly known = new Map<string, unknown>();
  fault: (attempt: number) => 'none' | 'request' | 'answer' | 'busy' | 'refused' = () => 'none';

  fetch = async (path: string, init: RequestInit): Promise<Response> => {
    const chatId = Number(/chats\/(\d+)/.exec(path)?.[1]);
    const body = JSON.parse(String(init.body)) as { text: string; client_msg_id: string };
    this.attempts.push(body.text);
    const fault = this.fault(this.attempts.length);
    if (fault === 'request') throw new TypeError('network');
    if (fault === 'busy')
      return Response.json({ status: 503, code: 'server.busy', retry_after_ms: 100 }, { status: 503 });
    if (fault === 'refused')
      return Response.json({ status: 422, code: 'validation.failed', detail: 'too long' }, { status: 422 });
    const message = this.known.get(body.client_msg_id) ?? this.create(chatId, body);
    if (fault === 'answer') throw new TypeError('network');
    return Response.json(message, { status: 201 });
  };

  private create(chatId: number, { text, client_msg_id }: { text: string; client_msg_id: string }): unknown {
    const said = this.history.get(chatId) ?? [];
    this.history.set(chatId, [...said, text]);
    const seq = said.length + 1;
    const message = { chat_id: chatId, seq, kind: 'text', sender_id: 1, text, entities: [], rev: 1, client_msg_id };
    this.known.set(client_msg_id, message);
    return message;
  }
}

let network: Network;

beforeEach(() => {
  network = new Network();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.stubGlobal('fetch', network.fetch);
  vi.stubGlobal('addEventListener', () => {});
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
});

afterEach(async () => {
  // A page that was "closed" still runs here: it must be done before the next test has a network of its own.
  network.fault = () => 'none';
  for (let quiet = 0, seen = 0; quiet < 20; quiet = seen === network.attempts.length ? quiet + 1 : 0) {
    seen = network.attempts.length;
    await pass();
  }
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Opens a page: modules of its own, the browser's storage shared with the pages before it. */
async function page() {
  vi.resetModules();
  const [outbox, items, messages, chats, cache, tabs] = await Promise.all([
    import('./outbox'),
    import('../store/outbox'),
    import('../store/messages'),
    import('../store/chats'),
    import('./cache'),
    import('./line/tabs'),
  ]);
  outbox.start();
  tabs.join();
  for (const id of [7, 8]) chats.putChats([{ id, kind: 'group', head_seq: 0, member_count: 2, my } as ChatView]);
  const send = (chat_id: number, text: string): Promise<void> =>
    outbox.queue('message.send', { chat_id, client_msg_id: crypto.randomUUID(), text, reply_to: null, mentions: [] });
  return { ...outbox, ...items, ...messages, ...cache, send };
}

async function pass(): Promise<void> {
  await vi.advanceTimersByTimeAsync(200);
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets time pass until a condition holds. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turn = 0; turn < 3000 && !isSo(); turn += 1) await pass();
  expect(isSo()).toBe(true);
}

const texts = (chatId: number, count: number): string[] => Array.from({ length: count }, (_, n) => `${chatId}/${n}`);

it('loses nothing, doubles nothing and keeps the order, whatever the network loses', async () => {
  const { send, pending, readOutbox } = await page();
  const faults = ['none', 'request', 'answer', 'busy'] as const;
  network.fault = (attempt) => faults[(attempt * 7 + (attempt >> 2)) % 4] ?? 'none';
  for (let n = 0; n < 20; n += 1) for (const chatId of [7, 8]) await send(chatId, `${chatId}/${n}`);
  await until(() => pending.value.length === 0);
  expect(network.history.get(7)).toEqual(texts(7, 20));
  expect(network.history.get(8)).toEqual(texts(8, 20));
  expect(network.attempts.length).toBeGreaterThan(60);
  let kept: unknown;
  void readOutbox().then((items) => {
    kept = items;
  });
  await until(() => kept !== undefined);
  expect(kept).toEqual([]);
});

it('goes on after the page was closed in the middle, also when the answer was lost', async () => {
  const first = await page();
  network.fault = (attempt) => (attempt === 3 ? 'answer' : attempt > 3 ? 'request' : 'none');
  for (const text of texts(7, 6)) await first.send(7, text);
  await until(() => network.attempts.length > 6);
  expect(network.history.get(7)).toEqual(texts(7, 3));
  const second = await page();
  network.fault = () => 'none';
  await second.restore();
  await until(() => second.pending.value.length === 0);
  expect(network.history.get(7)).toEqual(texts(7, 6));
});

it('shows a definite refusal, lets the next ones pass, and sends again when asked', async () => {
  const { send, pending, again } = await page();
  network.fault = (attempt) => (attempt === 1 ? 'refused' : 'none');
  await send(7, 'first');
  await send(7, 'second');
  await until(() => network.attempts.length === 2 && pending.value.length === 1);
  const [failed] = pending.value;
  expect(failed).toMatchObject({ data: { text: 'first' }, state: 'failed', reason: 'too long' });
  await again(failed?.cmid ?? '');
  await until(() => pending.value.length === 0);
  expect(network.history.get(7)).toEqual(['second', 'first']);
});

it('wakes every chat that waits when the line is back', async () => {
  const { send, pending, retryAll } = await page();
  network.fault = () => 'request';
  for (const chatId of [7, 8]) await send(chatId, `${chatId}/0`);
  await until(() => network.attempts.length > 10);
  network.fault = () => 'none';
  retryAll();
  await pass();
  expect(pending.value).toEqual([]);
});

it('does not send what was withdrawn while it waited', async () => {
  const { send, pending, withdraw } = await page();
  network.fault = () => 'request';
  await send(7, 'regretted');
  await until(() => network.attempts.length === 1);
  withdraw(pending.value[0]?.cmid ?? '');
  network.fault = () => 'none';
  await send(7, 'meant');
  await until(() => pending.value.length === 0);
  expect(network.history.get(7)).toEqual(['meant']);
});

it('keeps nothing of a message whose answer was lost once its event has come', async () => {
  const { send, pending, settle, readOutbox } = await page();
  let kept: unknown[] = [];
  const count = (): number => {
    void readOutbox().then((items) => {
      kept = items ?? [];
    });
    return kept.length;
  };
  network.fault = () => 'answer';
  await send(7, 'heard of');
  await until(() => count() === 1);
  settle(pending.value[0]?.cmid ?? '');
  await until(() => count() === 0);
});

it('sends once and in order, whatever faults the network chooses', async () => {
  const { send, pending } = await page();
  const fault = fc.constantFrom('none' as const, 'request' as const, 'answer' as const, 'busy' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), async (faults, count) => {
      network = new Network();
      network.fault = (attempt) => faults[attempt - 1] ?? 'none';
      vi.stubGlobal('fetch', network.fetch);
      for (const text of texts(7, count)) await send(7, text);
      await until(() => pending.value.length === 0);
      expect(network.history.get(7)).toEqual(texts(7, count));
    }),
    { numRuns: 60 },
  );
});

it('keeps what was not sent when the session ends', async () => {
  const { send, outbox, readOutbox } = await page();
  const { phase } = await import('../store/session');
  network.fault = () => 'request';
  await send(7, 'unsent');
  await until(() => network.attempts.length > 0);
  phase.value = 'out';
  outbox.value = [];
  let kept: unknown[] | undefined;
  void readOutbox().then((items) => {
    kept = items;
  });
  await until(() => kept !== undefined);
  expect(kept).toMatchObject([{ data: { text: 'unsent' } }]);
});

it('leaves a request that hangs on a dead connection for the socket that is open again', async () => {
  const said: string[] = [];
  class Socket {
    static readonly OPEN = 1;
    readyState = Socket.OPEN;
    send = (frame: string): number => said.push(frame);
    close(): void {}
  }
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('location', { origin: 'https://chat.example' });
  vi.stubGlobal('fetch', () => new Promise(() => {}));
  const { send, pending, retryAll } = await page();
  const [socket, frames] = [await import('./line/socket'), await import('./line/frames')];
  await send(7, 'hung');
  await pass();
  expect(pending.value).toMatchObject([{ state: 'sending' }]);
  socket.connect();
  socket.settled();
  retryAll();
  await until(() => said.length > 0);
  const { ref, data } = JSON.parse(said[0] ?? '') as { ref: string; data: { text: string } };
  expect(data.text).toBe('hung');
  frames.answered({ type: 'ack', ref, data: { chat_id: 7, seq: 1, ...data, rev: 1 } } as never);
  await until(() => pending.value.length === 0);
  socket.disconnect();
});
