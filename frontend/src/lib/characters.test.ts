import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { clipMarks, isBlank, isInvisible } from './characters';

interface Vectors {
  invisible: [number, number][];
  blank: string[];
  seen: string[];
  clipped: [string, string][];
}

const path = new URL('../../../backend/tests/vectors/characters.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vectors;

describe('characters', () => {
  it('knows what cannot be seen, as the server does', () => {
    const listed = (code: number) => vectors.invisible.some(([first, last]) => code >= first && code <= last);
    const wrong: string[] = [];
    for (let code = 0; code < 0x110000; code += 1) {
      const char = String.fromCodePoint(code);
      const isIgnorable = /\p{Default_Ignorable_Code_Point}/u.test(char);
      if (isInvisible(char) !== listed(code) || (isIgnorable && !listed(code))) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it.each(vectors.blank)('sees nothing in %j', (text) => expect(isBlank(text)).toBe(true));

  it.each(vectors.seen)('sees something in %j', (text) => expect(isBlank(text)).toBe(false));

  it.each(vectors.clipped)('clips the marks of %j', (piled, clipped) => expect(clipMarks(piled)).toBe(clipped));
});
