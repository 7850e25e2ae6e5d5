/** The plain words of CONTRIBUTING.md for the client: comments, names of tests, texts of the interface. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, test } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;
const LINE_MAX = 120;

/** The words that `backend/tests/rules/test_plain_words.py` forbids too. */
const RIDDLE = /\b(?:whoever|nobody|somebody|anybody|(?:is|are|was|were) told|stands|lies)\b/gi;

/** The beginning of a doc comment: a verb in the third person (“Returns”). */
const BEGINNING = /^[A-Z][a-z]+s\b/;

/** Russian texts address people with «вы»; a singular pronoun or imperative gives them away. */
const SINGULAR =
  /(?<![а-яё])(?:ты|тебе|тебя|тобой|тво[а-яё]+|попробуй|проверь|введи|войди|выбери|попроси|открой|напиши|заполни)(?![а-яё])/gi;

/** Straight quotes, three dots and a lonely hyphen in a text. */
const TYPEWRITER = /"|\.\.\.|(?<=\s)-(?=\s)/g;

const files = (...patterns: string[]): string[] =>
  spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...patterns], {
    cwd: root,
    encoding: 'utf8',
  })
    .stdout.split('\n')
    .filter((name) => name && !name.includes('.gen.') && !name.endsWith('rules/words.test.ts'));

const parsed = (source: string): ts.SourceFile =>
  ts.createSourceFile('module.tsx', source, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX);

const isFunctional = (node?: ts.Node): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

/** Says whether a node declares a function, in any of its forms. */
function isFunction(node: ts.Node): boolean {
  if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isMethodSignature(node)) return true;
  if (ts.isVariableStatement(node))
    return node.declarationList.declarations.some(({ initializer }) => isFunctional(initializer));
  if (ts.isPropertyDeclaration(node) || ts.isPropertyAssignment(node)) return isFunctional(node.initializer);
  return ts.isPropertySignature(node) && node.type !== undefined && ts.isFunctionTypeNode(node.type);
}

/** Returns the comments that document functions and do not begin with a verb. */
function withoutVerb(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    const range = isFunction(node) ? ts.getLeadingCommentRanges(source, node.getFullStart())?.at(-1) : undefined;
    const comment = range && source.slice(range.pos, range.end);
    // The comment at the top of a module is about the module.
    if (comment?.startsWith('/**') && range?.pos !== 0) {
      const text = comment.replace(/^\/\*\*[\s*]*/, '');
      if (!BEGINNING.test(text)) found.push(text);
    }
    node.forEachChild(visit);
  };
  visit(parsed(source));
  return found;
}

/** Returns the whole-line comments that are too long; comments of tools (`biome-ignore`) have to stay in one line. */
const longLines = (source: string): string[] =>
  source
    .split('\n')
    .filter((line) => line.length > LINE_MAX && /^\s*(\/\/|\/\*|\*)/.test(line) && !line.includes('biome-ignore'));

/** Returns the texts of a module of the locales, without their placeholders. */
function textsOf(source: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      found.push(node.text);
    node.forEachChild(visit);
  };
  visit(parsed(source));
  return found;
}

/** Returns what `check` finds in the files that git knows by the patterns, with their names. */
const inAll = (check: (source: string) => string[], ...patterns: string[]): string[] => {
  const names = files(...patterns);
  expect(names.length).toBeGreaterThan(2);
  return names.flatMap((name) => check(readFileSync(join(root, name), 'utf8')).map((one) => `${name}: ${one}`));
};

const CODE = ['frontend/*.ts', 'frontend/*.tsx', 'e2e/*.ts'];

test('no text is a riddle', () => {
  expect(inAll((source) => source.match(RIDDLE) ?? [], ...CODE, 'frontend/*.css', 'frontend/*.mjs')).toEqual([]);
  expect('Whoever is told what stands here; a teller understands.'.match(RIDDLE)).toEqual([
    'Whoever',
    'is told',
    'stands',
  ]);
});

test('comments of functions begin with a verb', () => {
  expect(inAll(withoutVerb, ...CODE)).toEqual([]);
  const plants = [
    '/** The count. */\nexport function f(): void {}',
    '/** Return the count. */\nconst f = () => 1;',
    'class A {\n  /** The count. */\n  f(): void {}\n}',
    'interface A {\n  /** Called late. */\n  f: () => void;\n}',
  ];
  for (const plant of plants) expect(withoutVerb(`const a = 1;\n${plant}\n`)).toHaveLength(1);
  expect(withoutVerb('/** The counts. */\nconst a = 1;\n/** Returns it. */\nfunction f() {}\n')).toEqual([]);
});

test('lines of comments are short', () => {
  expect(inAll(longLines, ...CODE, 'frontend/*.css', 'frontend/*.mjs')).toEqual([]);
  const words = 'word '.repeat(30);
  expect(longLines(`// ${words}\nconst a = 1; // ${words}\n * ${words}\n`)).toHaveLength(2);
});

test('texts of the interface are typeset, and the Russian ones polite', () => {
  const badly = (source: string) => textsOf(source).filter((text) => text.match(TYPEWRITER));
  const rudely = (source: string) => textsOf(source).filter((text) => text.match(SINGULAR));
  expect(inAll(badly, 'frontend/src/i18n/locales/*.ts')).toEqual([]);
  expect(inAll(rudely, 'frontend/src/i18n/locales/ru/*.ts')).toEqual([]);
  for (const plant of ['Say "yes"', 'Wait...', 'one - two'])
    expect(badly(`const a = { b: '${plant}' };`)).toHaveLength(1);
  for (const plant of ['Твоё имя', 'Сначала войди.'])
    expect(rudely(`const a = { b: () => \`${plant}\` };`)).toHaveLength(1);
  expect(rudely("const a = { b: 'Ваши чаты, откройте их' };")).toEqual([]);
});
