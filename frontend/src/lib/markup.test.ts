import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isJumbo, normalise, parse, plain, tree } from './markup';

interface Vector {
  text: string;
  names: Record<string, number>;
  entities: unknown[];
  plain: string;
}

const path = new URL('../../../backend/tests/vectors/markup.json', import.meta.url);
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];

describe('the grammar of text', () => {
  it.each(vectors)('reads $text as the server does', ({ text, names, entities, plain: words }) => {
    const found = parse(text, new Map(Object.entries(names)));
    expect(found).toEqual(entities);
    expect(plain(text, found)).toBe(words);
  });

  it('keeps every character in the tree', () => {
    for (const { text, names, plain: words } of vectors) {
      const entities = parse(text, new Map(Object.entries(names))).filter((one) => one.type !== 'spoiler');
      const flat = (nodes: ReturnType<typeof tree>): string =>
        nodes.map((node) => (typeof node === 'string' ? node : flat(node.children))).join('');
      if (!words.includes('▒')) expect(flat(tree(text, entities))).toBe(words);
    }
  });

  it('normalises once and for all', () => {
    expect(normalise('\n\r\na\u202eb\r\n \n')).toBe('ab');
    for (const { text } of vectors) expect(normalise(normalise(text))).toBe(normalise(text));
  });

  it('knows what is shown large', () => {
    expect(isJumbo('👨‍👩‍👧🎉')).toBe(true);
    expect(isJumbo('🇷🇸1️⃣')).toBe(true);
    expect(isJumbo('🎉 yes')).toBe(false);
    expect(isJumbo('12')).toBe(false);
  });
});
