import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { normalise, type People, parse } from './markup';
import { isEmpty, isJumbo, plain, tree } from './words';

interface Vector {
  text: string;
  people: People;
  entities: unknown[];
  plain: string;
}

const read = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../backend/tests/vectors/${name}.json`, import.meta.url), 'utf8'));
const vectors = read('markup') as Vector[];
const { empty, shown } = read('empty') as { empty: string[]; shown: string[] };

describe('the grammar of text', () => {
  it.each(vectors)('reads $text as the server does', ({ text, people, entities, plain: words }) => {
    const found = parse(text, people);
    expect(found).toEqual(entities);
    expect(plain(text, found)).toBe(words);
  });

  it('keeps every character in the tree', () => {
    for (const { text, people, plain: words } of vectors) {
      const entities = parse(text, people).filter((one) => one.type !== 'spoiler');
      const flat = (nodes: ReturnType<typeof tree>): string =>
        nodes.map((node) => (typeof node === 'string' ? node : flat(node.children))).join('');
      if (!words.includes('▒')) expect(flat(tree(text, entities))).toBe(words);
    }
  });

  it('normalises once and for all', () => {
    expect(normalise('\n\r\na\u202eb\r\n \n')).toBe('ab');
    for (const { text } of vectors) expect(normalise(normalise(text))).toBe(normalise(text));
  });

  it('mends half an emoji', () => {
    expect(normalise('a\ud83d b\ude00 😀')).toBe('a b 😀');
  });

  it.each(empty)('sees nothing in %j', (text) => expect(isEmpty(text)).toBe(true));

  it.each(shown)('sees something in %j', (text) => expect(isEmpty(text)).toBe(false));

  it('knows what is shown large', () => {
    expect(isJumbo('👨‍👩‍👧🎉')).toBe(true);
    expect(isJumbo('🇷🇸1️⃣')).toBe(true);
    expect(isJumbo('🎉 yes')).toBe(false);
    expect(isJumbo('12')).toBe(false);
  });
});
