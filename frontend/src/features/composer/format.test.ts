/** An address pasted over words. */
import { expect, it } from 'vitest';
import { parse } from '../../lib/markup';
import { linkOf } from './format';

const page = 'https://example.org/wiki/Foo_(bar)';

it.each([
  ['words', 'the map', page, `[the map](${page})`],
  ['an address with a bracket alone', 'the map', `${page})`, '[the map](https://example.org/wiki/Foo_%28bar%29%29)'],
  ['words in square brackets', 'see [1]', page, `see [1] ${page}`],
  ['an address over an address', 'https://example.org', page, null],
  ['no address', 'the map', 'a (b)', null],
  ['several lines', 'one\ntwo', page, null],
])('%s', (_, words, pasted, written) => {
  expect(linkOf(words, pasted)).toBe(written);
});

it('writes one link that keeps the words, whatever brackets there are', () => {
  for (const words of ['map', 'the (old) map', '[1]', 'a] b', '[x](y)'])
    for (const address of [page, `${page})`, 'https://example.org/((', 'https://example.org/a[1]']) {
      const text = linkOf(words, address) ?? '';
      expect(text).toContain(words);
      expect(
        parse(text).filter((one) => one.type === 'link'),
        text,
      ).toHaveLength(1);
    }
});
