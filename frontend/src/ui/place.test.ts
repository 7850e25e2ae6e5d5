import { expect, it } from 'vitest';
import { placeOf } from './place';

const menu = { width: 200, height: 300 };
const page = { width: 1000, height: 800 };
const at = (left: number, right: number, top: number, bottom: number) => ({
  x: left + 10,
  y: top + 10,
  around: { left, right, top, bottom },
});

it.each([
  ['after it', at(100, 400, 100, 150), { x: 408, y: 110 }],
  ['before it at the end of a line', at(600, 990, 100, 150), { x: 392, y: 110 }],
  ['below it between both edges', at(100, 900, 100, 150), { x: 110, y: 158 }],
  ['above it at the foot of the page', at(100, 900, 600, 790), { x: 110, y: 292 }],
  ['over it where it fills the page', at(100, 900, 0, 800), { x: 110, y: 10 }],
  ['cut down below it where no side has room', at(100, 900, 200, 520), { x: 110, y: 528, height: 264 }],
  ['cut down above it where there is more room', at(100, 900, 260, 600), { x: 110, y: 8, height: 244 }],
  ['within the page beside a low one', at(100, 400, 700, 780), { x: 408, y: 492 }],
])('a menu is %s', (_, spot, place) => expect(placeOf(menu, spot, page)).toEqual(place));

it('a menu of nothing is at its spot, within the page', () => {
  expect(placeOf(menu, { x: 500, y: 100 }, page)).toEqual({ x: 500, y: 100 });
  expect(placeOf(menu, { x: 990, y: 790 }, page)).toEqual({ x: 792, y: 492 });
  expect(placeOf(menu, { x: 0, y: 0 }, { width: 150, height: 200 })).toEqual({ x: 8, y: 8 });
});
