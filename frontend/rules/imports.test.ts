/** Checks that modules have no effects at import: `start()` begins listeners, requests and timers in a clear order. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = new URL('..', import.meta.url).pathname;

/** Programs of their own: the page, its workers. */
const PROGRAMS = /^main\.tsx$|worker\.ts$/;

/**
 * Functions that a module may call at import: they make values and only read their arguments or the browser's state.
 */
const MAKERS = new Set(
  [
    ['signal', 'computed', 'computedList', 'emitter', 'memo', 'Map', 'WeakMap', 'Set', 'RegExp', 'Waker', 'Engine'],
    ['Segmenter', 'PluralRules', 'NumberFormat', 'ListFormat', 'writer', 'resolve', 'uuid', 'readSetting', 'read'],
    ['appliersOf', 'stepsOf', 'watchItems', 'isOne', 'each', 'paced', 'walk', 'opens', 'may', 'wordsWith'],
    ['split', 'slice', 'map', 'test', 'join', 'fromEntries', 'entries'],
  ].flat(),
);

const isFunction = (node: ts.Node): boolean =>
  ts.isArrowFunction(node) || ts.isFunctionExpression(node) || ts.isMethodDeclaration(node);

const isDeclaration = (node: ts.Node): boolean =>
  ts.isImportDeclaration(node) ||
  ts.isExportDeclaration(node) ||
  ts.isFunctionDeclaration(node) ||
  ts.isClassDeclaration(node) ||
  ts.isInterfaceDeclaration(node) ||
  ts.isTypeAliasDeclaration(node);

/** Returns the calls that run when a value is made, without those inside of its functions. */
function callsOf(node: ts.Node): ts.Node[] {
  if (isFunction(node)) return [];
  const inner: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    inner.push(...callsOf(child));
  });
  const isCall = ts.isCallExpression(node) || ts.isNewExpression(node);
  if (ts.isAwaitExpression(node)) return [node];
  if (!isCall) return inner;
  const called = node.expression;
  const name = ts.isPropertyAccessExpression(called) ? called.name.text : called.getText();
  return MAKERS.has(name) ? inner : [node, ...inner];
}

/** Returns the effects of a module's import, one for each line. */
function effects(source: string): string[] {
  const { statements } = ts.createSourceFile('module.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);
  const found = statements.flatMap((one) => {
    if (ts.isVariableStatement(one)) return callsOf(one);
    return isDeclaration(one) ? [] : [one];
  });
  return found.map((one) => one.getText());
}

test('nothing happens at import', () => {
  const names = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => /(?<!\.test|\.d)\.tsx?$/.test(name) && !PROGRAMS.test(name),
  );
  const found = names.flatMap((name) =>
    effects(readFileSync(join(root, 'src', name), 'utf8')).map((one) => `${name}: ${one}`),
  );
  expect(names.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});

test.each([
  "addEventListener('online', () => {});",
  "const between = 'locks' in navigator ? new BroadcastChannel('tabs') : null;",
  'export const stop = effect(() => keep());',
  'onLine(heard);',
  'if (isShared) join();',
  'const words = await load();',
  'const rooms = { first: begin() };',
])('the rule catches %s', (plant) => expect(effects(plant)).toHaveLength(1));

test('a module may declare and make', () => {
  const source = [
    "import { signal } from './signal';",
    'export const shown = signal(new Map());',
    'const later = () => addEventListener("online", later);',
    'export function start(): void { effect(() => later()); }',
  ];
  expect(effects(source.join('\n'))).toEqual([]);
});
