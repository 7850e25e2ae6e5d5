/** The cost of a text grows linearly: eight times the characters, eight times the work. */
import { expect, it } from 'vitest';
import { clipMarks } from './characters';
import { normalise, type People, parse } from './markup';
import { isEmpty, plain, tree } from './words';

const TIMES = [1, 2, 4, 8];
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

/** Returns the CPU time (ms) of one call: the least of three measurements, each over enough calls to be measurable. */
function cost(reading: (text: string) => void, text: string): number {
  const spent = (count: number): number => {
    const began = process.cpuUsage();
    for (let call = 0; call < count; call += 1) reading(text);
    return process.cpuUsage(began).user / 1000;
  };
  let count = 1;
  while (spent(count) < LEAST_MS) count *= 2;
  return Math.min(spent(count), spent(count), spent(count)) / count;
}

/** Says whether each doubling of the text at most doubles the cost; a second failure is not chance. */
function isLinear(reading: (text: string) => void, worst: Worst): boolean {
  for (let warm = 0; warm < 5; warm += 1) reading(times(worst, 1));
  const costs = TIMES.map((factor) => cost(reading, times(worst, factor)));
  const [first = 0, second = 0, , last = 0] = costs;
  return last < 8 * 1.8 * first || last < 4 * 1.8 * second;
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
