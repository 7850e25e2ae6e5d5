import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fitted, held, NEAR, type View, WHOLE, zoomed } from './zoom';

const STAGE = { width: 400, height: 800 };
const side = fc.integer({ min: 1, max: 5000 });
const size = fc.record({ width: side, height: side });
const px = fc.integer({ min: -3000, max: 3000 });

test('a picture is seen whole in its shape, and not larger than it is', () => {
  expect(fitted({ width: 800, height: 400 }, STAGE)).toEqual({ width: 400, height: 200 });
  expect(fitted({ width: 100, height: 1600 }, STAGE)).toEqual({ width: 50, height: 800 });
  expect(fitted({ width: 30, height: 20 }, STAGE)).toEqual({ width: 30, height: 20 });
});

test('the point under the finger stays where it is', () => {
  const picture = { width: 400, height: 300 };
  const at = { x: 100, y: 0 };
  const view = zoomed(WHOLE, NEAR, at, picture, STAGE);
  expect(view).toEqual({ scale: NEAR, x: -150, y: 0 });
  expect((at.x - view.x) / view.scale).toBe(at.x);
});

test('out again is whole, in the middle', () => {
  const picture = { width: 400, height: 300 };
  const view = zoomed(WHOLE, 4, { x: -120, y: 40 }, picture, STAGE);
  const { scale, x, y } = zoomed(view, 1 / 4, { x: 5, y: 5 }, picture, STAGE);
  expect([scale, Math.abs(x), Math.abs(y)]).toEqual([1, 0, 0]);
});

test('no picture leaves a gap at an edge that it could fill, nor is too small or too large', () => {
  fc.assert(
    fc.property(size, fc.array(fc.tuple(fc.double({ min: 0.1, max: 10, noNaN: true }), px, px)), (shape, steps) => {
      const picture = fitted(shape, STAGE);
      let view: View = WHOLE;
      for (const [times, x, y] of steps) {
        view = zoomed(view, times, { x: x % 200, y: y % 400 }, picture, STAGE);
        view = held({ ...view, x: view.x + x, y: view.y + y }, picture, STAGE);
        expect(view.scale).toBeGreaterThanOrEqual(1);
        expect(view.scale).toBeLessThanOrEqual(8);
        for (const [at, along] of [[view.x, 'width'] as const, [view.y, 'height'] as const]) {
          const free = Math.max(0, (picture[along] * view.scale - STAGE[along]) / 2);
          expect(Math.abs(at)).toBeLessThanOrEqual(free + 1e-9);
        }
      }
    }),
  );
});
