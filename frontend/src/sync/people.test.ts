/** People whose names are shown and not known. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { phase } from '../store/session';
import { nameOf, users } from '../store/users';
import { forget, lookUp, start } from './people';

let asked: number[][];
let fails: number;

start();

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  [asked, fails] = [[], 0];
  users.value = new Map();
  phase.value = 'in';
  vi.stubGlobal('fetch', async (path: string) => {
    const ids = new URL(path, 'http://server').searchParams.get('ids')?.split(',').map(Number) ?? [];
    asked.push(ids);
    if (fails-- > 0) throw new TypeError('no line');
    const known = ids.filter((id) => id < 1000);
    const items = known.map((id) => ({ id, name: `Person ${id}`, rev: 1 }));
    return Response.json({ items, page: { next_cursor: null } });
  });
});

afterEach(() => {
  forget();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

it('asks for all of them at once', async () => {
  expect([7, 8, 7].map(nameOf)).toEqual(['…', '…', '…']);
  await vi.advanceTimersByTimeAsync(49);
  expect(asked).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toEqual([[7, 8]]);
  expect([7, 8].map(nameOf)).toEqual(['Person 7', 'Person 8']);
});

it('names at most a hundred in a question', async () => {
  for (let id = 1; id <= 230; id += 1) nameOf(id);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked.map((ids) => ids.length)).toEqual([100, 100, 30]);
});

it('does not ask again for people whom the server does not know', async () => {
  nameOf(4000);
  await vi.advanceTimersByTimeAsync(1000);
  expect(nameOf(4000)).toBe('…');
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([[4000]]);
});

it('tries again while there is no line', async () => {
  fails = 2;
  nameOf(7);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toEqual([[7], [7], [7]]);
  expect(nameOf(7)).toBe('Person 7');
});

it('asks again for known people after a while, not before', async () => {
  lookUp([7]);
  await vi.advanceTimersByTimeAsync(500_000);
  lookUp([7]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([[7]]);
  await vi.advanceTimersByTimeAsync(100_000);
  lookUp([7]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(asked).toEqual([[7], [7]]);
});
