/** Repeating one task until it works. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { retry, Waker } from './retry';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Returns a function that fails so often with an error, then succeeds. */
function failing(times: number, error: unknown = new Error('network')) {
  return vi.fn(async () => {
    times -= 1;
    if (times >= 0) throw error;
    return 'done';
  });
}

it('tries until it works', async () => {
  const run = failing(5);
  const done = retry(run);
  await vi.runAllTimersAsync();
  expect(await done).toBe('done');
  expect(run).toHaveBeenCalledTimes(6);
});

it('waits at least as long as the server asks for', async () => {
  const run = failing(1, { retryAfterMs: 20_000 });
  const done = retry(run);
  await vi.advanceTimersByTimeAsync(19_999);
  expect(run).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await done).toBe('done');
});

it('throws permanent errors, and reports every failure', async () => {
  const [definite, failures] = [new Error('refused'), vi.fn()];
  await expect(retry(failing(1, definite), { isPassing: () => false, onFailed: failures })).rejects.toBe(definite);
  expect(failures).toHaveBeenCalledExactlyOnceWith(definite);
});

it('ends when it is not wanted any more', async () => {
  const run = failing(Number.POSITIVE_INFINITY);
  let isWanted = true;
  const done = retry(run, { isWanted: () => isWanted });
  await vi.advanceTimersByTimeAsync(0);
  isWanted = false;
  await vi.runAllTimersAsync();
  expect(await done).toBeUndefined();
  expect(run).toHaveBeenCalledTimes(1);
});

it('tries at once when it is woken, also while a try of before is failing', async () => {
  const waker = new Waker();
  const run = vi.fn(async () => {
    // The connection came back during the first try.
    if (run.mock.calls.length === 1) waker.wake();
    if (run.mock.calls.length < 3) throw new Error('network');
    return 'done';
  });
  const done = retry(run, { waker });
  await vi.advanceTimersByTimeAsync(0);
  expect(run).toHaveBeenCalledTimes(2);
  waker.wake();
  expect(await done).toBe('done');
});

it.each([
  ['visible', 5000],
  ['hidden', 30_000],
])('waits at most, on a page that is %s, %i ms', async (visibilityState, most) => {
  vi.stubGlobal('document', { visibilityState });
  vi.spyOn(Math, 'random').mockReturnValue(0.999);
  const run = failing(12);
  const done = retry(run);
  for (let tries = 1; tries <= 12; tries += 1) {
    const begun = Date.now();
    await vi.advanceTimersToNextTimerAsync();
    expect(Date.now() - begun).toBeLessThanOrEqual(most);
    if (tries > 8) expect(Date.now() - begun).toBeGreaterThan(most * 0.9);
  }
  expect(await done).toBe('done');
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});
