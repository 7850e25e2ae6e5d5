// After the build: the API's documents from their package, the service worker, and a .br and .gz beside each text file.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { generateSW } from 'workbox-build';

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

// The shell opens without a network; a new version waits until the last page of the old one is closed.
await generateSW({
  globDirectory: dist,
  globPatterns: ['index.html', 'theme.js', 'icon.svg', 'manifest.webmanifest', 'assets/*.{js,css}'],
  swDest: join(dist, 'sw.js'),
  navigateFallback: '/index.html',
  navigateFallbackDenylist: [/^\/api\//, /^\/docs/],
  dontCacheBustURLsMatching: /^assets\//,
  cleanupOutdatedCaches: true,
  inlineWorkboxRuntime: true,
  sourcemap: false,
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
