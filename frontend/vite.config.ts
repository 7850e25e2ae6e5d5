import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { defineConfig, type Plugin } from 'vite';

const server = `http://127.0.0.1:${process.env.PORT ?? 8000}`;
const require = createRequire(import.meta.url);

interface Emojibase {
  emoji: string;
  label: string;
  tags?: string[];
  group?: number;
  order: number;
  version: number;
}

// Emoji that the fonts of the last few years can draw; group 2 holds parts of emoji.
const NEWEST = 15;
const PARTS = 2;

/**
 * Provides `virtual:emoji`: rows of `[emoji, group, English name, tags, Russian name, tags]`, cut from a far larger
 * data set.
 */
function emoji(): Plugin {
  return {
    name: 'emoji',
    resolveId: (id) => (id === 'virtual:emoji' ? '\0emoji' : undefined),
    load(id) {
      if (id !== '\0emoji') return undefined;
      const [en, ru] = ['en', 'ru'].map((lang) => require(`emojibase-data/${lang}/data.json`) as Emojibase[]);
      const russian = new Map(ru?.map((one) => [one.emoji, one]));
      const rows = en
        ?.filter(({ group, version }) => group !== undefined && group !== PARTS && version <= NEWEST)
        .sort((a, b) => a.order - b.order)
        .map((one) => {
          const other = russian.get(one.emoji);
          return [one.emoji, one.group, one.label, words(one.tags), other?.label ?? one.label, words(other?.tags)];
        });
      return `export default JSON.parse(${JSON.stringify(JSON.stringify(rows))});`;
    },
  };
}

/**
 * Begins every style sheet with the order of the layers: the build splits them into files, and the first loaded one
 * decides.
 */
function layers(): Plugin {
  const tokens = readFileSync(new URL('src/styles/tokens.css', import.meta.url), 'utf8');
  const order = /^@layer .+;$/m.exec(tokens)?.[0] ?? '';
  return {
    name: 'layers',
    enforce: 'pre',
    transform: (code, id) => (/\/src\/.+\.css$/.test(id) ? `${order}\n${code}` : undefined),
  };
}

/**
 * Lets Preact forget the children of a component's former node when the component draws itself anew. They hold the
 * lists that they were part of, those the next ones, and so every message that was ever drawn (decision 59; kin of
 * preactjs/preact#4909).
 */
function forgetting(): Plugin {
  const [kept, forgotten] = ['u.__=u.__e=null', 'u.__=u.__e=u.__k=null'];
  return {
    name: 'forgetting',
    transform(code, id) {
      if (!id.endsWith('/preact/dist/preact.mjs')) return undefined;
      if (code.split(kept).length !== 2) throw new Error('Preact has changed: see decision 59, and measure its heap.');
      return code.replace(kept, forgotten);
    },
  };
}

interface Graph {
  getModuleInfo: (id: string) => { importedIds: readonly string[] } | null;
}

const entry = new URL('src/main.tsx', import.meta.url).pathname;
let needed: Set<string> | undefined;

/**
 * Puts the modules that the first screen needs into one file, even where parts that are loaded later share them. The
 * entry is apart: it waits for the words of a language, which import that file and would wait for the entry.
 */
function chunkOf(id: string, graph: Graph): string | null {
  if (!needed) {
    needed = new Set([entry]);
    for (const one of needed) for (const next of graph.getModuleInfo(one)?.importedIds ?? []) needed.add(next);
  }
  return needed.has(id) && id !== entry ? 'page' : null;
}

const words = (tags: string[] = []): string => tags.join(' ');

export default defineConfig({
  plugins: [emoji(), layers(), forgetting()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: 'es2022',
    sourcemap: false,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: { output: { codeSplitting: { groups: [{ name: chunkOf }] } } },
  },
  server: { proxy: { '/api': { target: server, ws: true }, '/docs': server } },
});
