/** The rules of the client's code, each with a plant that breaks it. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import cruiser from '../.dependency-cruiser.cjs';

const root = new URL('..', import.meta.url).pathname;
const bin = join(root, 'node_modules', '.bin');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Creates a client of the given files, with the configuration of this one. */
function planted(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'client-'));
  folders.push(folder);
  for (const name of ['.dependency-cruiser.cjs', 'biome.json', 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(folder, name));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function run(folder: string, program: string, ...args: string[]): string {
  const done = spawnSync(join(bin, program), args, { cwd: folder, encoding: 'utf8' });
  return done.stdout + done.stderr;
}

test('every rule of dependency-cruiser catches its plant', () => {
  const folder = planted({
    'src/main.tsx': "import './shell/App';\nimport './api/http';\nimport './nowhere';\n",
    'src/shell/App.ts': "import '../features/a/A';\nimport '../ui/U';\n",
    'src/lib/l.ts': "import '../i18n/i';\nimport '../ui/U';\nimport { signal } from '@preact/signals';\nsignal(1);\n",
    'src/i18n/i.ts': "import '../api/http';\n",
    'src/api/http.ts': "import '../store/s';\n",
    'src/store/s.ts': "import '../sync/y';\n",
    'src/sync/y.ts': "import '../content/c';\nimport './z';\n",
    'src/sync/z.ts': "import './y';\n",
    'src/content/c.ts': "import '../features/a/A';\n",
    'src/acts/a.ts': "import '../features/a/A';\n",
    'src/features/a/A.ts': "import '../../shell/App';\nimport '../b/B';\n",
    'src/features/b/B.ts': 'export const b = 1;\n',
    'src/ui/U.ts': "import '../store/s';\n",
    'src/worker/service-worker.ts': "import '../lib/l';\n",
    'src/lib/attic.ts': 'export const attic = 1;\n',
  });
  const { summary } = JSON.parse(run(folder, 'depcruise', 'src', '--output-type', 'json'));
  const broken = new Set(summary.violations.map((one: { rule: { name: string } }) => one.rule.name));
  expect([...broken].sort()).toEqual(cruiser.forbidden.map((rule: { name: string }) => rule.name).sort());
});

/** Returns a function with so many lines in its body. */
const long = (lines: number) => `export function f(): void {\n${'  g();\n'.repeat(lines)}}\n`;
const sheet = (rules: number) => Array.from({ length: rules }, (_, n) => `.a${n} {\n  color: red;\n}\n\n`).join('');

test('Biome catches its plants', () => {
  const folder = planted({
    'src/function.ts': long(61),
    'src/Component.tsx': long(121),
    'src/Short.tsx': long(100),
    'src/file.ts': Array.from({ length: 301 }, (_, n) => `export const a${n} = 1;\n`).join(''),
    'src/sheet.css': sheet(84),
    'src/short.css': sheet(70),
    'src/many.ts': 'export const f = (a: 1, b: 1, c: 1, d: 1, e: 1, f: 1, g: 1) => [a, b, c, d, e, f, g];\n',
    'src/promise.ts': 'async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}\n',
    'src/null.ts': 'export const f = (a?: { b: string }) => a!.b;\n',
    'src/stale.ts':
      "import { useEffect } from 'preact/hooks';\nexport const useB = (b: number) => useEffect(() => g(b), []);\n",
  });
  const said = run(folder, 'biome', 'lint', '--reporter=github', '--max-diagnostics=500', '.');
  const found = [...said.matchAll(/title=lint\/\w+\/(\w+),file=src\/([\w.]+)/g)].map(
    ([, rule, file]) => `${file} ${rule}`,
  );
  expect([...new Set(found)].sort()).toEqual(
    [
      'Component.tsx noExcessiveLinesPerFunction',
      'file.ts noExcessiveLinesPerFile',
      'function.ts noExcessiveLinesPerFunction',
      'many.ts useMaxParams',
      'null.ts noNonNullAssertion',
      'promise.ts noFloatingPromises',
      'sheet.css noExcessiveLinesPerFile',
      'stale.ts useExhaustiveDependencies',
    ].sort(),
  );
});

test('TypeScript is strict', () => {
  const folder = planted({
    'src/strict.ts': 'export const f = (a) => a;\nexport const first = (list: string[]): string => list[0];\n',
  });
  const said = run(folder, 'tsc', '--noEmit');
  expect(said).toContain('TS7006');
  expect(said).toContain('TS2322');
});

/** Returns the folders with more than 15 modules; tests and style sheets do not count. */
const crowded = (files: string[]) => {
  const count = new Map<string, number>();
  for (const file of files.filter((name) => /(?<!\.test|\.gen)\.tsx?$/.test(name)))
    count.set(dirname(file), (count.get(dirname(file)) ?? 0) + 1);
  return [...count].filter(([, modules]) => modules > 15).map(([folder]) => folder);
};

/**
 * Returns the `:has()` of style sheets that any element may match. With one of them, each new message had the style of
 * every message on screen computed anew: 15 times the work.
 */
const anyones = (sheet: string) => sheet.match(/(?:^|[\s>+~,(]):has\([^{]*/gm) ?? [];

/** Returns the exported names that no module uses, not even their own. */
const unsaid = (sources: string[]) => {
  const all = sources.join('\n');
  const names = [...all.matchAll(/^export (?:async )?(?:const|let|function|class|interface|type|enum) (\w+)/gm)];
  return names.map(([, name]) => name).filter((name) => [...all.matchAll(new RegExp(`\\b${name}\\b`, 'g'))].length < 2);
};

/** Returns the lines of a screen that use a raw name of the server instead of `Name`, `Title` and their functions. */
const undrawn = (source: string) =>
  source
    .replace(/clipMarks\([^()]*\)|\b(css|values)\.name\b/g, '')
    .split('\n')
    .filter((line) =>
      /\.(name|\w+_name)\b|\{[^}]*\bname\b[^}]*\}(: \w*(User|Member|Chat)\w*|.*\b(peer|user)\b)/.test(line),
    );

test('names are drawn in one way', () => {
  const drawing = join('src', 'content', 'names');
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((name) => join('src', name))
    .filter((name) => /^src.(features|shell|content).*(?<!\.test)\.tsx?$/.test(name) && !name.startsWith(drawing));
  const found = files.flatMap((name) =>
    undrawn(readFileSync(join(root, name), 'utf8')).map((line) => `${name}: ${line}`),
  );
  expect(found).toEqual([]);
  const plants = [
    '<span>{user.name}</span>',
    't().invitedBy(preview.inviter_name)',
    'function Person({ id, name }: UserRead) {',
    'const { name } = member.user;',
    '<h1>{server.value?.name}</h1>',
  ];
  for (const plant of plants) expect(undrawn(plant)).toEqual([plant]);
  const drawn = '<Avatar name={nameOf(id)} /><Name id={id} />{clipMarks(service.name)}{values.name}{css.name}';
  expect(undrawn(drawn)).toEqual([]);
});

const keysOf = (words: string) => [...words.matchAll(/^ {2}(\w+):/gm)].map(([, key]) => key);

/** Returns the texts of the interface that no screen uses. */
const unspoken = (words: string, sources: string[]) => {
  const all = sources.join('\n');
  return keysOf(words).filter((key) => !new RegExp(`\\.${key}\\b`).test(all));
};

/** Returns the keys that two screens share: the later one would hide the other. */
const twice = (words: string) => keysOf(words).filter((key, place, keys) => keys.indexOf(key) !== place);

test('no style sheet asks of any element what it has', () => {
  const sheets = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.css'),
  );
  expect(sheets.length).toBeGreaterThan(20);
  expect(sheets.flatMap((name) => anyones(readFileSync(join(root, 'src', name), 'utf8')))).toEqual([]);
  for (const plant of ['  :has(> .album) > :not(.album) {', '.run > :has(+ article) {'])
    expect(anyones(plant)).toHaveLength(1);
  expect(anyones('  .message:has(+ .soon) .brief {\n  .run > article:has(+ article) {')).toEqual([]);
});

test('folders are not crowded, no export and no word is unused', () => {
  const files = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => join('src', name));
  expect(crowded(files)).toEqual([]);
  const own = files.filter((name) => !basename(name).includes('.gen.'));
  expect(unsaid(own.map((name) => readFileSync(join(root, name), 'utf8')))).toEqual([]);
  expect(crowded(Array.from({ length: 16 }, (_, n) => `src/ui/${n}.tsx`))).toEqual(['src/ui']);
  expect(unsaid(['export const a = 1;\n', 'export const b = a;\n'])).toEqual(['b']);
  const english = files.filter((name) => name.startsWith('src/i18n/locales/en/'));
  const words = english.map((name) => readFileSync(join(root, name), 'utf8')).join('\n');
  expect(twice(words)).toEqual([]);
  expect(
    unspoken(
      words,
      own.filter((name) => !name.includes('locales')).map((name) => readFileSync(join(root, name), 'utf8')),
    ),
  ).toEqual([]);
  expect(unspoken("  a: '',\n  b: '',\n", ['t().a'])).toEqual(['b']);
  expect(twice("  a: '',\n  b: '',\n  a: '',\n")).toEqual(['a']);
});
