import { expect, it } from 'vitest';
import { gathered, heightsOf, peaksOf } from './heights';

it('reads the heights that it has written, of which the loudest is 255', () => {
  const rising = Array.from({ length: 900 }, (_, place) => place);
  const read = heightsOf(peaksOf(rising));
  expect(read).toHaveLength(100);
  expect(read[99]).toBe(255);
  expect([...read].sort((a, b) => a - b)).toEqual(read);
});

it('draws a line for a recording without heights, and for damaged ones', () => {
  for (const peaks of [undefined, '', '!', btoa('short')]) expect(heightsOf(peaks)).toEqual(new Array(100).fill(0));
  expect(heightsOf(peaksOf([]))).toEqual(new Array(100).fill(0));
});

it('keeps the highest of each part, and repeats what is fewer than wanted', () => {
  expect(gathered([1, 9, 2, 3], 2)).toEqual([9, 3]);
  expect(gathered([5, 7], 4)).toEqual([5, 5, 7, 7]);
});
