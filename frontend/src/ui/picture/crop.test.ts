import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Crop, moved, nearest, type Size, sideOf, whole, zoomed } from './crop';

const WIDE: Size = { width: 400, height: 200 };
const doings = fc.array(
  fc.oneof(
    fc.tuple(fc.double({ min: -900, max: 900, noNaN: true }), fc.double({ min: -900, max: 900, noNaN: true })),
    fc.double({ min: 0.1, max: 9, noNaN: true }),
  ),
);

test('at first the largest square in the middle', () => {
  expect(whole(WIDE)).toEqual({ x: 200, y: 100, zoom: 1 });
  expect(sideOf(WIDE, whole(WIDE))).toBe(200);
});

test('whatever is done, the square stays inside the picture and is not too small', () => {
  const size = fc.record({ width: fc.integer({ min: 1, max: 3000 }), height: fc.integer({ min: 1, max: 3000 }) });
  fc.assert(
    fc.property(size, doings, (picture, all) => {
      const at = all.reduce<Crop>(
        (crop, one) => (Array.isArray(one) ? moved(picture, crop, ...one) : zoomed(picture, crop, one, 0.2, 0.9)),
        whole(picture),
      );
      const half = sideOf(picture, at) / 2;
      expect(at.zoom).toBeGreaterThanOrEqual(1);
      expect(at.zoom).toBeLessThanOrEqual(nearest(picture));
      for (const [middle, length] of [
        [at.x, picture.width],
        [at.y, picture.height],
      ] as const) {
        expect(middle - half).toBeGreaterThanOrEqual(-1e-6);
        expect(middle + half).toBeLessThanOrEqual(length + 1e-6);
      }
    }),
  );
});

test('the point under the finger stays there while the picture comes nearer', () => {
  const before = { x: 200, y: 100, zoom: 1 };
  const after = zoomed(WIDE, before, 2, 0.25, 0.75);
  const point = (crop: Crop, at: number, part: number) => at + sideOf(WIDE, crop) * (part - 0.5);
  expect(point(after, after.x, 0.25)).toBeCloseTo(point(before, before.x, 0.25));
  expect(point(after, after.y, 0.75)).toBeCloseTo(point(before, before.y, 0.75));
});

test('a tiny picture is taken as it is', () => {
  expect(nearest({ width: 20, height: 30 })).toBe(1);
  expect(nearest({ width: 6000, height: 4000 })).toBe(8);
});
