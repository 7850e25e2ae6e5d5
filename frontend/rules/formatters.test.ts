/** Checks that formatters are made once, not with each text: one costs as much as a hundred of its uses. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = new URL('../src', import.meta.url).pathname;

/** Says whether a node runs once: at import, or for a language in `each`. */
function isOnce(node: ts.Node): boolean {
  for (let at = node.parent; at; at = at.parent) {
    if (ts.isFunctionLike(at)) return ts.isCallExpression(at.parent) && at.parent.expression.getText() === 'each';
  }
  return true;
}

/** Says whether a call makes a formatter: by itself, or within a method of a date or a number. */
function makes(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return node.expression.getText().startsWith('Intl.');
  return ts.isCallExpression(node) && /\.toLocale(Date|Time)?String$/.test(node.expression.getText());
}

/** Returns the expressions that make a formatter whenever they run. */
function repeated(source: string): string[] {
  // Few modules have any; reading them all as trees takes seconds.
  if (!/Intl|toLocale/.test(source)) return [];
  const found: string[] = [];
  const look = (node: ts.Node): void => {
    if (makes(node) && !isOnce(node)) found.push(node.getText());
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile('module.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  return found;
}

test('each formatter is made once', () => {
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test|\.d)\.tsx?$/.test(name),
  );
  const found = names.flatMap((name) =>
    repeated(readFileSync(join(root, name), 'utf8')).map((one) => `${name}: ${one}`),
  );
  expect(names.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

test.each([
  'export const join = (names: string[]) => new Intl.ListFormat().format(names);',
  'function Row() { return <time>{new Date().toLocaleTimeString()}</time>; }',
  "const words = { selected: (n: number) => n.toLocaleString('ru') };",
])('the rule catches %s', (plant) => expect(repeated(plant)).toHaveLength(1));

test.each([
  'const characters = new Intl.Segmenter();',
  'const day = each((lang) => new Intl.DateTimeFormat(lang));',
])('the rule allows %s', (plant) => expect(repeated(plant)).toEqual([]));
