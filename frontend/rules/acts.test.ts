/** One list of acts, and one way to repeat: hand-written copies beside them are found. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

const modules = (isMeant: (name: string) => boolean): [string, string][] =>
  readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /(?<!\.test|\.d|\.gen)\.tsx?$/.test(name) && isMeant(name))
    .map((name) => [name, readFileSync(join(root, 'src', name), 'utf8')]);

const parsed = (source: string): ts.SourceFile =>
  ts.createSourceFile('module.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);

/** Returns the matching nodes of a tree, nested ones too. */
function nodesOf(node: ts.Node, isMeant: (one: ts.Node) => boolean): ts.Node[] {
  const inner: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    inner.push(...nodesOf(child, isMeant));
  });
  return isMeant(node) ? [node, ...inner] : inner;
}

const namesOf = (node: ts.Node): string[] =>
  ts.isObjectLiteralExpression(node) ? node.properties.flatMap((one) => one.name?.getText() ?? []) : [];

/** Objects with a label, an icon and an action: items of a menu that are not acts. */
const doings = (source: string): string[] =>
  nodesOf(parsed(source), (node) => {
    const names = namesOf(node);
    return names.includes('run') && names.includes('icon');
  }).map((one) => one.getText());

/** Keys with letters that belong to no act. */
const letters = (source: string): string[] =>
  nodesOf(parsed(source), (node) => ts.isStringLiteralLike(node) && /^Key[A-Z]$/.test(node.text)).map((one) =>
    one.getText(),
  );

test('what can be done is said in the list of acts only', () => {
  const screens = modules((name) => /^(features|shell|content)/.test(name));
  expect(screens.length).toBeGreaterThan(60);
  expect(screens.flatMap(([name, source]) => doings(source).map((one) => `${name}: ${one}`))).toEqual([]);
  expect(doings("const items = [{ label: t().copy, icon: 'copy', run: () => copy() }];")).toHaveLength(1);
  expect(doings('toast(t().removed, { label: t().undo, run: undo }); const button = { icon, onClick };')).toEqual([]);
});

/**
 * Keys that are not acts: markers around selected text of the composer, and letters that move between messages like
 * arrows.
 */
const WALKS = ['features/conversation/MessageList.tsx'];

test('a key with a letter is the chord of an act', () => {
  const screens = modules((name) => /^(features|shell|content)/.test(name) && !WALKS.includes(name));
  expect(screens.flatMap(([name, source]) => letters(source).map((one) => `${name}: ${one}`))).toEqual([]);
  expect(letters("if (event.code === 'KeyR') reply();")).toEqual(["'KeyR'"]);
});

const isLoop = (node: ts.Node): boolean => ts.isIterationStatement(node, false);
const isFunction = (node: ts.Node): boolean => ts.isFunctionLike(node);

/** Says whether a node contains a match, functions inside of it not counted. */
function holds(node: ts.Node, isMeant: (one: ts.Node) => boolean): boolean {
  let found = false;
  ts.forEachChild(node, (child) => {
    if (!isFunction(child)) found ||= isMeant(child) || holds(child, isMeant);
  });
  return found;
}

/** Loops that continue after an error of their task. */
const retries = (source: string): string[] =>
  nodesOf(
    parsed(source),
    (node) =>
      isLoop(node) &&
      holds(node, (one) => ts.isTryStatement(one) && one.catchClause !== undefined && holds(one, ts.isAwaitExpression)),
  ).map((one) => one.getText());

test('what fails for a while is tried again in one way', () => {
  const found = modules((name) => name !== 'lib/retry.ts').flatMap(([name, source]) =>
    retries(source).map((one) => `${name}: ${one}`),
  );
  expect(found).toEqual([]);
  expect(retries('for (;;) { try { return await ask(); } catch { await sleep(500); } }')).toHaveLength(1);
  expect(retries('for (const one of all) await send(one);')).toEqual([]);
  // A socket is no promise: it waits between connections by itself.
  const waits = modules((name) => !['lib/retry.ts', 'lib/backoff.ts', 'sync/line/socket.ts'].includes(name));
  expect(waits.filter(([, source]) => /\bbackoff\(/.test(source)).map(([name]) => name)).toEqual([]);
});
