import { expect, it } from 'vitest';
import { byRecency, ranked } from './ranking';

const named = (...names: string[]) => names.map((label) => ({ label }));

it('puts what begins with the query first and keeps the order otherwise', () => {
  expect(ranked(named('Big hello', 'Hello there', 'Hell', 'Other'), 'руд')).toEqual(
    named('Hello there', 'Hell', 'Big hello'),
  );
  expect(ranked(named('Анна', 'Kate', 'Hannah Ann'), 'ann')).toEqual(named('Анна', 'Hannah Ann'));
  expect(ranked(named('b', 'a'), ' ')).toEqual(named('b', 'a'));
});

it('leads back to the chat visited before', () => {
  expect(byRecency([1, 2, 3, 4], 3, [3, 4, 9])).toEqual([4, 1, 2, 3]);
  expect(byRecency([1, 2], null, [])).toEqual([1, 2]);
});
