import { expect, it } from 'vitest';
import { mayBeLong } from './Folded';

it.each([
  ['a short text', 'words', false],
  ['twenty lines', Array(20).fill('line').join('\n'), false],
  ['twenty-one lines', Array(21).fill('line').join('\n'), true],
  ['one long line', 'word '.repeat(100), true],
])('%s is measured: %#', (_, text, is) => expect(mayBeLong(text)).toBe(is));
