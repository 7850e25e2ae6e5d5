import { expect, it } from 'vitest';
import { neighbour } from './chats';

const ids = [10, 20, 30, 40];
const unread = (id: number): boolean => id === 20 || id === 40;

it.each([
  [null, 1, 10],
  [20, 1, 30],
  [20, -1, 10],
  [10, -1, 10],
  [40, 1, 40],
] as const)('from %s by %s comes to %s', (from, step, to) => expect(neighbour(ids, from, step)).toBe(to));

it.each([
  [null, 1, 20],
  [null, -1, 40],
  [20, 1, 40],
  [40, 1, 20],
  [20, -1, 40],
  [30, -1, 20],
] as const)('from %s by %s comes to the unread %s', (from, step, to) =>
  expect(neighbour(ids, from, step, unread)).toBe(to));

it('stays where nothing is unread', () => {
  expect(neighbour(ids, 10, 1, () => false)).toBeUndefined();
  expect(neighbour([], null, 1)).toBeUndefined();
});
