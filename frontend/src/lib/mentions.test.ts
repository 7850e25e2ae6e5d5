import { describe, expect, it } from 'vitest';
import { type Mention, mentionsOf, moved, named } from './mentions';

const members: [string, number][] = [
  ['Kim', 1],
  ['Kim', 2],
  ['Kim Lee', 3],
  ['Dan', 4],
];

/** Returns the text without the ids of `@Name#id`, and its mentions. */
function written(marked: string): { text: string; mentions: Mention[] } {
  let text = '';
  const mentions: Mention[] = [];
  for (const part of marked.split(/(@[\p{L} ]+#\d+)/u)) {
    const [, name, id] = /^@([\p{L} ]+)#(\d+)$/u.exec(part) ?? [];
    if (name) mentions.push({ at: text.length, name, id: Number(id) });
    text += name ? `@${name}` : part;
  }
  return { text, mentions };
}

describe('who is meant', () => {
  it.each([
    ['@Kim#2', [2]],
    ['@Kim#2 and @Kim#1', [2, 1]],
    ['@Kim#1 and @Kim#1', [1]],
    ['@Kim#1 @Kim#2 @Kim#1', [1, 2, 1]],
    ['@Dan#4 @Kim#2 @Kim#1', [4, 2, 1]],
    ['@Kim#2 @Dan#4 @Kim#2', [2, 4]],
    ['@Dan', [4]],
    ['@Kim', []],
    ['@Kim and @Kim#2', [2]],
    ['@Kim#1 @Kim @Kim#2', [1, 1, 2]],
    ['@Kim Lee', [3]],
    ['`@Kim#1` @Kim#2', [2]],
    ['@Kimono', []],
    ['@Former#7 name', [7]],
    ['@Someone', []],
  ])('by %s', (marked, ids) => {
    const { text, mentions } = written(marked);
    expect(named(text, mentions, members)).toEqual(ids);
  });

  it('whatever the order in which they were completed', () => {
    const { text, mentions } = written('@Kim#1 @Kim#2 @Kim#1');
    expect(named(text, mentions.reverse(), members)).toEqual([1, 2, 1]);
  });

  it('names twenty at most', () => {
    const { text, mentions } = written('@Kim#1 @Kim#2 '.repeat(15));
    expect(named(text, mentions, members)).toHaveLength(20);
  });
});

/** A change at `|`: the text before it in the second text was inserted, or the caret stayed there. */
describe('what stays through a change', () => {
  it.each([
    ['@Kim#1 hi', '@Kim hi there|', '@Kim#1 hi there'],
    ['@Kim#1 hi', 'so |@Kim hi', 'so @Kim#1 hi'],
    ['@Kim#1 @Kim#2', '|@Kim', '@Kim#2'],
    ['@Kim#1 @Kim#2', '@Kim|', '@Kim#1'],
    ['@Kim#1 @Kim#2', '@Kim @Kim| @Kim', '@Kim#1 @Kim @Kim#2'],
    ['@Kim#1', '@Ki|', '@Ki'],
    ['@Kim#1', '@Kiim|', '@Kiim'],
    ['@Kim#1 x', '|@Kim x', '@Kim#1 x'],
    ['a @Kim#1 b', '|', ''],
    ['a @Kim#1 b', 'all new|', 'all new'],
    ['@Kim#1 @Kim#2', '> quote\n|@Kim @Kim', '> quote\n@Kim#1 @Kim#2'],
  ])('%j -> %j', (marked, changed, kept) => {
    const { text, mentions } = written(marked);
    const caret = changed.indexOf('|');
    const after = changed.replace('|', '');
    expect({ text: after, mentions: moved(mentions, text, after, caret) }).toEqual(written(kept));
  });
});

it('reads the mentions of a message', () => {
  const entities = [
    { type: 'bold', offset: 0, length: 9 },
    { type: 'mention', offset: 2, length: 4, user_id: 2 },
  ] as const;
  expect(mentionsOf('**@Kim!**', entities)).toEqual([{ at: 2, name: 'Kim', id: 2 }]);
});
