import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paced } from './paced';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('runs at once, and then with the last value of each pause', () => {
  const runs: number[] = [];
  const run = paced<number>(1000, (value) => runs.push(value));
  run(1);
  expect(runs).toEqual([1]);
  for (let n = 2; n <= 50; n += 1) {
    run(n);
    vi.advanceTimersByTime(100);
  }
  expect(runs).toEqual([1, 11, 21, 31, 41]);
  vi.advanceTimersByTime(1000);
  expect(runs.at(-1)).toBe(50);
  vi.advanceTimersByTime(5000);
  expect(runs).toHaveLength(6);
  run(51);
  expect(runs.at(-1)).toBe(51);
});
