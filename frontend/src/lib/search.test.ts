import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { finder } from './search';

interface Vector {
  name: string;
  found: string[];
  missed: string[];
}

const path = new URL('../../../backend/tests/vectors/people.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];

describe('finding people, as the server does', () => {
  it.each(vectors)('finds $name', ({ name, found, missed }) => {
    expect([...found, ...missed].filter((typed) => finder(typed)(name))).toEqual(found);
  });

  it('finds everybody when nothing is typed', () => expect(finder('  ')('Анна')).toBe(true));
});
