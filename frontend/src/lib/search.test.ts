import { expect, it } from 'vitest';
import { matches } from './search';

it.each([
  ['Анна', 'anna'],
  ['hello', 'руддщ'],
  ['Анна', 'fyyf'],
  ['Пётр Щукин', 'петр'],
  ['Пётр Щукин', 'щук'],
  ['Zoë', 'zoe'],
])('finds %s by %s', (name, typed) => expect(matches(name, typed)).toBe(true));

it('does not find the middle of a word', () => expect(matches('Анна', 'нна')).toBe(false));
