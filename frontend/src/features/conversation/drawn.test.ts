/** The part of a window that is drawn first. */
import { expect, it } from 'vitest';
import { part } from './drawn';
import type { Row } from './window';

const rows = Array.from({ length: 200 }, (_, n): Row => ({ kind: 'day', key: `m-${n}`, at: '' }));
const ends = (key: string | undefined, around: number) => {
  const { rows: drawn, isFirst, isLast } = part(rows, key, around);
  return [drawn[0]?.key, drawn.at(-1)?.key, isFirst, isLast];
};

it('draws the rows around the place of the reader first', () => {
  expect(ends('m-100', 30)).toEqual(['m-70', 'm-129', false, false]);
  expect(ends('m-10', 30)).toEqual(['m-0', 'm-39', true, false]);
});

it('draws the newest rows first for a reader at the end, or of a place that is not there', () => {
  expect(ends(undefined, 30)).toEqual(['m-170', 'm-199', false, true]);
  expect(ends('m-1000', 30)).toEqual(['m-170', 'm-199', false, true]);
});

it('draws the window as it is in the end', () => {
  expect(part(rows, 'm-100', 100)).toEqual({ rows, isFirst: true, isLast: true });
  expect(part(rows, undefined, Infinity).rows).toBe(rows);
  expect(part([], undefined, 30)).toEqual({ rows: [], isFirst: true, isLast: true });
});
