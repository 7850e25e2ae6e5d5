/** The return of a lost socket, at once or spread over time after a loss of many, and the proof of a doubtful one. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

/** The browser's socket, as far as the client uses it. */
class Socket {
  static readonly OPEN = 1;
  static readonly opened: Socket[] = [];
  readyState = Socket.OPEN;
  onopen = (): void => {};
  onmessage = (_: { data: string }): void => {};
  onclose = (_: { code: number }): void => {};

  constructor() {
    Socket.opened.push(this);
  }

  readonly said: string[] = [];
  send(frame: string): void {
    this.said.push((JSON.parse(frame) as { type: string }).type);
  }
  close(): void {}
}

let random = 0;

beforeEach(() => {
  vi.resetModules();
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', Socket);
  vi.stubGlobal('location', { origin: 'https://chat.example' });
  vi.spyOn(Math, 'random').mockImplementation(() => random);
  Socket.opened.length = 0;
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Returns the ms until a closed socket is opened again. */
async function waited(code: number): Promise<number> {
  const { connect, disconnect, settled } = await import('./socket');
  connect();
  settled();
  const count = Socket.opened.length;
  const begun = Date.now();
  Socket.opened.at(-1)?.onclose({ code });
  for (let step = 0; Socket.opened.length === count && step < 100; step += 1) vi.advanceTimersToNextTimer();
  const took = Date.now() - begun;
  disconnect();
  return took;
}

it.each([
  [1006, 500],
  [1013, 500],
  [1012, 3000],
  [4408, 3000],
  [4429, 30_000],
])('after %i it comes back within %i ms, at random', async (code, most) => {
  random = 0;
  expect(await waited(code)).toBe(0);
  random = 0.5;
  expect(await waited(code)).toBe(most / 2);
  random = 0.999;
  const last = await waited(code);
  expect(last).toBeGreaterThan(most * 0.99);
  expect(last).toBeLessThanOrEqual(most);
});

/** Opens a greeted socket of the leading tab, and asks a question on it. */
async function asked(): Promise<{ socket: Socket; failed: () => boolean }> {
  const [{ connect, settled, onClose }, frames, tabs] = [
    await import('./socket'),
    await import('./frames'),
    await import('./tabs'),
  ];
  onClose(frames.abandon);
  tabs.join();
  connect();
  settled();
  let isFailed = false;
  const answer = frames.ask('message.delete', { chat_id: 1, seq: 1 });
  answer.catch(() => {
    isFailed = true;
  });
  const socket = Socket.opened.at(-1);
  if (!socket) throw new Error('no socket was opened');
  return { socket, failed: () => isFailed };
}

it('lets the line prove itself when a question has no answer for 5 s, and drops it after as many again', async () => {
  const { socket, failed } = await asked();
  await vi.advanceTimersByTimeAsync(4999);
  expect(socket.said).toEqual(['message.delete']);
  await vi.advanceTimersByTimeAsync(1);
  expect(socket.said).toEqual(['message.delete', 'auth']);
  await vi.advanceTimersByTimeAsync(4999);
  expect(failed()).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(failed()).toBe(true);
});

it('keeps a line that says anything, however slow the answer is', async () => {
  const { socket, failed } = await asked();
  await vi.advanceTimersByTimeAsync(9000);
  socket.onmessage({ data: '{"type":"ping","data":{}}' });
  await vi.advanceTimersByTimeAsync(5999);
  expect(failed()).toBe(false);
});

it('does not put the proof off for a second doubt', async () => {
  const { failed } = await asked();
  const { ask } = await import('./frames');
  await vi.advanceTimersByTimeAsync(4000);
  ask('message.delete', { chat_id: 1, seq: 2 }).catch(() => undefined);
  await vi.advanceTimersByTimeAsync(6000);
  expect(failed()).toBe(true);
});
