/** What a key for a mark does to a text; `[` and `]` are the ends of the selection, `|` is a caret. */
import { expect, it } from 'vitest';
import { type Selected, toggled } from './marking';

function read(drawn: string): Selected {
  const text = drawn.replace(/[|\]]|\[(?!\w+\]\()/g, '');
  const caret = drawn.indexOf('|');
  if (caret >= 0) return { text, from: caret, to: caret };
  const from = drawn.indexOf('[');
  return { text, from, to: drawn.indexOf(']', from) - 1 };
}

function draw({ text, from, to }: Selected): string {
  if (from === to) return `${text.slice(0, from)}|${text.slice(from)}`;
  return `${text.slice(0, from)}[${text.slice(from, to)}]${text.slice(to)}`;
}

const after = (drawn: string, mark = '**'): string => draw(toggled(read(drawn), mark));

it.each([
  ['a word', '[word]', '**[word]**'],
  ['a word and the blank after it', '[one ]two', '**[one]** two'],
  ['blanks on both sides', 'one[ two ]three', 'one **[two]** three'],
  ['part of a word', 'un[believ]able', '**[unbelievable]**'],
  ['parts of two words', 'go[od morn]ing', '**[good morning]**'],
  ['a caret in a word', 'one tw|o', 'one **tw|o**'],
  ['a caret between words', 'one | two', 'one **|** two'],
  ['several lines', '[one\ntwo three]', '**[one**\n**two three]**'],
  ['lines with blank ends and an empty one', '[ one \n\n two]', ' **[one** \n\n **two]**'],
  ['lines of a quote', '[> one\n> two]', '> **[one**\n> **two]**'],
  ['a part beside a marked one', '**one** [two]', '**one** **[two]**'],
  ['more than what is marked', '[**one** two]', '**[one two]**'],
  ['a word in another mark', '_[word]_', '**[_word_]**'],
  ['a part of code', 'see `a [b` now]', 'see **[`a b` now]**'],
])('marks %s', (_, before, marked) => {
  expect(after(before)).toBe(marked);
});

it.each([
  ['the words inside', '**[one two]**', '[one two]'],
  ['the words with their marks', '[**one two**]', '[one two]'],
  ['one word of three', '**one [two] three**', '**one** [two] **three**'],
  ['the last word', '**one [two]**', '**one** [two]'],
  ['several lines', '**[one**\n**two]**', '[one\ntwo]'],
  ['a caret in a marked word', '**wo|rd**', 'wo|rd'],
  ['an empty pair', 'one **|**', 'one |'],
])('takes marks away: %s', (_, before, bare) => {
  expect(after(before)).toBe(bare);
});

it.each(['**', '_', '`', '~~'])('is as before when pressed twice: %s', (mark) => {
  for (const drawn of ['[word]', 'one [two] three', '[one\ntwo]', 'wo|rd', 'one | two', '[слово 🎉]']) {
    expect(draw(toggled(toggled(read(drawn), mark), mark)), drawn).toBe(drawn);
  }
});

it('leaves a block of code as it is', () => {
  const block = '```\n[one]\n```';
  expect(after(block)).toBe(block);
});
