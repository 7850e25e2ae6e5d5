import { expect, it } from 'vitest';
import { span } from './rows';

it.each([
  [0, 640, 64, 5, [0, 5]],
  [0, 640, 64, 3000, [0, 20]],
  [6400, 640, 64, 3000, [90, 120]],
  [6400, 640, 48, 3000, [123, 157]],
  [191_360, 640, 64, 3000, [2980, 3000]],
  [191_360, 640, 64, 8, [0, 8]],
  [0, 640, 64, 0, [0, 0]],
])('at %s px, %s px high, rows of %s px, %s of them', (top, height, row, count, shown) =>
  expect(span(top, height, row, count)).toEqual(shown));
