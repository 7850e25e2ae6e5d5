import { expect, it } from 'vitest';
import { emoji, findEmoji } from './emoji';

it.each([
  ['heart', '❤️'],
  ['сердц', '❤️'],
  ['rocket', '🚀'],
  ['ракет', '🚀'],
  ['thumbs_up', '👍️'],
])('%s finds %s first or near', (typed, mark) => {
  expect(findEmoji(typed, 3).map((one) => one.mark)).toContain(mark);
});

it('finds nothing by nothing', () => expect(findEmoji(' ', 6)).toEqual([]));

it('has a name in both languages for each', () => {
  expect(emoji.length).toBeGreaterThan(1500);
  for (const { name } of emoji) expect(name.en && name.ru).toBeTruthy();
});
