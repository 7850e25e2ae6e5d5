// After the build: adds the API documents, the service worker, and a .br and a .gz beside each text file.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { build } from 'vite';

const dist = new URL('../dist/', import.meta.url).pathname;
const swagger = new URL('../node_modules/swagger-ui-dist/', import.meta.url).pathname;

mkdirSync(join(dist, 'docs'), { recursive: true });
for (const name of ['swagger-ui.css', 'swagger-ui-bundle.js'])
  copyFileSync(join(swagger, name), join(dist, 'docs', name));
writeFileSync(
  join(dist, 'docs', 'index.html'),
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>web-messenger API</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/icon.svg"><link rel="stylesheet" href="/docs/swagger-ui.css"></head>
<body><div id="docs"></div><script src="/docs/swagger-ui-bundle.js"></script><script src="/docs/start.js"></script></body></html>\n`,
);
writeFileSync(
  join(dist, 'docs', 'start.js'),
  "SwaggerUIBundle({ url: '/api/openapi.json', dom_id: '#docs', deepLinking: true, validatorUrl: null });\n",
);

// The names under assets/ hold the hash of their content; the other files get one here. The manifest is not kept: the
// server puts its name into it.
const whole = ['index.html', 'theme.js', 'icon.svg'].map((name) => {
  const revision = createHash('sha256')
    .update(readFileSync(join(dist, name)))
    .digest('hex')
    .slice(0, 16);
  return { url: `/${name}`, revision };
});

// The shell is what the page needs to show itself, in each language; other files are kept after their first use.
const manifest = JSON.parse(readFileSync(join(dist, '.vite', 'manifest.json'), 'utf8'));
rmSync(join(dist, '.vite'), { recursive: true });
const shell = new Set();
// Loaded on first use, which may be without a network: files and recordings wait in the browser until there is one.
const OFFLINE = [
  'src/features/composer/Tray.tsx',
  'src/features/composer/recorder/Recorder.tsx',
  'src/content/voice/Player.tsx',
  'src/sync/files/uploads.ts',
  'src/sync/voice/keeping.ts',
];
function needed(name) {
  const { file, css = [], imports = [] } = manifest[name];
  for (const one of [file, ...css]) shell.add(one);
  for (const one of imports) needed(one);
}
for (const [name, { isEntry }] of Object.entries(manifest))
  if (isEntry || name.startsWith('src/i18n/locales/') || OFFLINE.includes(name)) needed(name);
const hashed = [...shell].map((file) => ({ url: `/${file}`, revision: null }));
const lazy = readdirSync(join(dist, 'assets'))
  .map((name) => `/assets/${name}`)
  .filter((url) => !shell.has(url.slice(1)));
await build({
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  define: {
    SHELL: JSON.stringify([...whole, ...hashed]),
    LAZY: JSON.stringify(lazy),
    'process.env.NODE_ENV': '"production"',
  },
  build: {
    target: 'es2022',
    emptyOutDir: false,
    lib: { entry: 'src/worker/service-worker.ts', formats: ['iife'], name: 'worker', fileName: () => 'sw.js' },
  },
});

function compress(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) compress(path);
    else if (/\.(js|css|svg|html|json|webmanifest)$/.test(name) && statSync(path).size > 1024) {
      const data = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
      const quality = path.includes('docs') ? 9 : 11;
      writeFileSync(`${path}.br`, brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: quality } }));
    }
  }
}
compress(dist);
