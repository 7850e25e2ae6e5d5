import fc from 'fast-check';
import { expect, it } from 'vitest';
import { album, type Size, WIDTH } from './album';

/** A place in px, in an album of this width. */
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

function boxesOf(photos: readonly Size[], width: number): { boxes: Box[]; width: number; height: number } {
  const laid = album(photos);
  const scale = Math.min(1, width / laid.width);
  const [w, h] = [laid.width * scale, laid.height * scale];
  const boxes = laid.tiles.map((one) => ({
    left: one.x * w,
    top: one.y * h,
    right: (one.x + one.w) * w,
    bottom: (one.y + one.h) * h,
  }));
  return { boxes, width: w, height: h };
}

const area = ({ left, top, right, bottom }: Box): number => (right - left) * (bottom - top);
const shared = (a: Box, b: Box): number => {
  const [w, h] = [
    Math.min(a.right, b.right) - Math.max(a.left, b.left),
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
  ];
  return Math.max(0, w) * Math.max(0, h);
};

const side = fc.oneof(fc.integer({ min: 1, max: 16_384 }), fc.integer({ min: 600, max: 4000 }));
const photos = fc.array(fc.record({ width: side, height: side }), { minLength: 1, maxLength: 10 });

it('gives every photo a place of its own, which together are the album, at every width', () => {
  fc.assert(
    fc.property(photos, fc.integer({ min: 250, max: WIDTH }), (sizes, given) => {
      const { boxes, width, height } = boxesOf(sizes, given);
      expect(boxes).toHaveLength(sizes.length);
      expect(width).toBeLessThanOrEqual(given + 1e-6);
      expect(height).toBeLessThanOrEqual(given * 2 + 1e-6);
      for (const { left, top, right, bottom } of boxes) {
        expect(left).toBeGreaterThanOrEqual(-1e-6);
        expect(top).toBeGreaterThanOrEqual(-1e-6);
        expect(right).toBeLessThanOrEqual(width + 1e-6);
        expect(bottom).toBeLessThanOrEqual(height + 1e-6);
        expect(right - left).toBeGreaterThan(40);
        expect(bottom - top).toBeGreaterThan(40);
      }
      for (const [place, one] of boxes.entries())
        for (const other of boxes.slice(place + 1)) expect(shared(one, other)).toBeLessThan(1e-3);
      // Nothing is left free.
      expect(boxes.map(area).reduce((one, other) => one + other)).toBeCloseTo(width * height, 3);
    }),
    { numRuns: 1000 },
  );
});

it('shows a photo in its own shape, between 1:2 and 2:1, and not larger than 480 px', () => {
  fc.assert(
    fc.property(side, side, (width, height) => {
      const laid = album([{ width, height }]);
      const shape = laid.width / laid.height;
      expect(Math.max(laid.width, laid.height)).toBeLessThanOrEqual(WIDTH + 1e-6);
      expect(Math.min(laid.width, laid.height)).toBeGreaterThanOrEqual(120 - 1e-6);
      expect(shape).toBeCloseTo(Math.min(2, Math.max(0.5, width / height)), 6);
    }),
  );
});

it.each([
  [[3, 3], 'above each other'],
  [[1, 3], 'beside each other'],
  [[0.7, 0.7], 'beside each other'],
] as const)('puts two photos of the shapes %j %s', (shapes, where) => {
  const [first, second] = album(shapes.map((one) => ({ width: one * 1000, height: 1000 }))).tiles;
  expect(first?.x === second?.x ? 'above each other' : 'beside each other').toBe(where);
});

it('keeps the rows of five and more photos at most four wide, and their order', () => {
  fc.assert(
    fc.property(photos, (sizes) => {
      fc.pre(sizes.length > 4);
      const { tiles } = album(sizes);
      const tops = [...new Set(tiles.map(({ y }) => y))];
      const counts = tops.map((top) => tiles.filter(({ y }) => y === top).length);
      expect(Math.max(...counts)).toBeLessThanOrEqual(4);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(2);
      const read = tiles.toSorted((a, b) => a.y - b.y || a.x - b.x);
      expect(read).toEqual(tiles);
    }),
  );
});
