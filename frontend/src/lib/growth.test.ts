/** The cost of a text grows linearly: sixteen times the characters, sixteen times the work. */
import { expect, it } from 'vitest';
import { clipMarks } from './characters';
import { normalise, type People, parse } from './markup';
import { isEmpty, plain, tree } from './words';

const FACTOR = 16;
const SLACK = 4;
const ROUNDS = 6;
const LEAST_MS = 8;
const people: People = Array.from({ length: 20 }, (_, number) => [`Имя ${number}`, number]);

interface Worst {
  size: number;
  start: string;
  part: string;
  end: string;
}

const long = (part: string, start = '', end = ''): Worst => ({ size: 2000, start, part, end });
const address = (part: string): Worst => ({ size: 250, start: 'https://a/', part, end: '' });
const WORST: Worst[] = [
  ...['@', '@Имя 1x', '*_~~||`a ', '\\*', '`` ``` ` ', '[a](https://', 'https://', '> a\n', '\u0301_', '```a \t\n'].map(
    (part) => long(part),
  ),
  long('\n', 'a', 'x'),
  long('\u0301', 'a_', 'x'),
  long('(', '[a](https://a', 'x'),
  ...[')', ']}', '_—'].map(address),
];

const times = ({ size, start, part, end }: Worst, factor: number): string =>
  start + part.repeat((size * factor - start.length - end.length) / part.length) + end;

function read(text: string): void {
  const words = normalise(text);
  const entities = parse(words, people.slice(0, words.length / 800));
  plain(words, entities);
  tree(words, entities);
  isEmpty(text);
  clipMarks(text);
}

/** Returns the CPU time (ms) of one call, measured over enough calls to be measurable. */
function cost(reading: (text: string) => void, text: string): number {
  for (let count = 1; ; count *= 2) {
    const began = process.cpuUsage();
    for (let call = 0; call < count; call += 1) reading(text);
    const { user, system } = process.cpuUsage(began);
    const spent = (user + system) / 1000;
    if (spent >= LEAST_MS) return spent / count;
  }
}

/**
 * Says whether the cost grows with the length and not with its square, which would be `FACTOR / SLACK` times too dear.
 *
 * Compilers, the collector and other programs only ever add to a measurement: the least of all rounds counts.
 */
function isLinear(reading: (text: string) => void, worst: Worst): boolean {
  const least = [Infinity, Infinity];
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [place, factor] of [1, FACTOR].entries())
      least[place] = Math.min(least[place] ?? 0, cost(reading, times(worst, factor)));
  const [short = 0, long = 0] = least;
  return long < FACTOR * SLACK * short;
}

it.each(
  WORST.map((worst) => [JSON.stringify(worst.start + worst.part), worst] as const),
)('reads %s… in time with its length', (_, worst) => expect(isLinear(read, worst)).toBe(true));

it('notices more than linear', () => {
  const slow = (text: string): void => {
    let count = 0;
    for (let place = 0; place < text.length; place += 16)
      for (let at = place; at < text.length; at += 1) count += text.charCodeAt(at);
    expect(count).toBeGreaterThan(0);
  };
  expect(isLinear(slow, long('a'))).toBe(false);
});
