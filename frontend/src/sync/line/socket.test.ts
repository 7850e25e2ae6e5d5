/** The return of a lost socket: at once after a single loss, spread over time after a loss of many. */
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

  send(): void {}
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
