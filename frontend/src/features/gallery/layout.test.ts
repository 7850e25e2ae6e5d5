import fc from 'fast-check';
import { expect, it } from 'vitest';
import { columnsIn, heightOf, type Measure, monthsOf, stepFrom, topOf, within } from './layout';

const measure: Measure = { columns: 3, row: 100, head: 36 };
const day = (month: number, n: number) => ({ sent_at: new Date(2026, month, n, 12).toISOString() });
/** Four in March, two in January; the newest first. */
const six = [day(2, 9), day(2, 8), day(2, 7), day(2, 1), day(0, 31), day(0, 1)];

it('puts months one below the other', () => {
  const months = monthsOf(six, measure);
  expect(months.map(({ from, count, top, size }) => [from, count, top, size])).toEqual([
    [0, 4, 0, 236],
    [4, 2, 236, 136],
  ]);
  expect(heightOf(months)).toBe(372);
  expect([0, 3, 4].map((place) => topOf(months, measure, place))).toEqual([36, 136, 272]);
  expect(heightOf([])).toBe(0);
});

it('counts a moment to the month of the reader’s own calendar', () => {
  // The last hour of a month and the first one of the next.
  const at = (hour: number) => ({ sent_at: new Date(2026, 2, 1, hour).toISOString() });
  expect(monthsOf([at(0), at(-1)], measure)).toHaveLength(2);
  expect(monthsOf([at(1), at(0)], measure)).toHaveLength(1);
});

it.each([
  [250, 3],
  [340, 3],
  [520, 5],
] as const)('has at %s px %s pictures beside each other', (width, columns) => expect(columnsIn(width)).toBe(columns));

it.each([
  [0, 'ArrowRight', 1],
  [0, 'ArrowLeft', 0],
  [5, 'ArrowRight', 5],
  [0, 'ArrowDown', 3],
  [2, 'ArrowDown', 3],
  [3, 'ArrowDown', 4],
  [5, 'ArrowUp', 3],
  [4, 'ArrowUp', 3],
  [1, 'ArrowUp', 1],
  [4, 'Home', 0],
  [1, 'End', 5],
  [1, 'Enter', undefined],
] as const)('leads from %s by %s to %s', (from, key, to) =>
  expect(stepFrom(monthsOf(six, measure), 3, from, key)).toBe(to));

it('draws every item that is between two heights, and few others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 400 }), { maxLength: 60 }),
      fc.integer({ min: 1, max: 7 }),
      fc.integer({ min: -500, max: 8000 }),
      fc.integer({ min: 0, max: 900 }),
      (days, columns, top, height) => {
        const items = days.sort((a, b) => b - a).map((n) => day(0, n));
        const all = { columns, row: 90, head: 36 };
        const months = monthsOf(items, all);
        const drawn = new Set(
          months.flatMap((month) => {
            const [from, to] = within(month, all, top, top + height);
            expect(from >= month.from && to <= month.from + month.count).toBe(true);
            return Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
          }),
        );
        for (const place of items.keys()) {
          const at = topOf(months, all, place);
          const isSeen = at < top + height && at + all.row > top;
          const isNear = at < top + height + all.row && at + 2 * all.row > top;
          if (isSeen) expect(drawn.has(place)).toBe(true);
          if (!isNear) expect(drawn.has(place)).toBe(false);
        }
      },
    ),
  );
});

it('comes by arrows from any item to any other', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 30 }), (days) => {
      const items = days.sort((a, b) => b - a).map((n) => day(0, n));
      const months = monthsOf(items, measure);
      let at = 0;
      for (let n = 0; n < 2 * items.length; n += 1) at = stepFrom(months, 3, at, 'ArrowDown') ?? -1;
      expect(topOf(months, measure, at)).toBe(topOf(months, measure, items.length - 1));
      for (let n = 0; n < 2 * items.length; n += 1) at = stepFrom(months, 3, at, 'ArrowUp') ?? -1;
      expect(topOf(months, measure, at)).toBe(measure.head);
    }),
  );
});
