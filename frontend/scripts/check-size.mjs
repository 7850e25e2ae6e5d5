// The budget of the first visit: JavaScript 90 KB and CSS 15 KB, gzip (docs/development.md).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const assets = new URL('../dist/assets/', import.meta.url);
if (!existsSync(assets)) {
  console.log('size: nothing built yet, nothing to check');
  process.exit(0);
}
const html = readFileSync(new URL('../dist/index.html', import.meta.url), 'utf8');
const budgets = { js: 90 * 1024, css: 15 * 1024 };
for (const [kind, budget] of Object.entries(budgets)) {
  const first = readdirSync(assets).filter((name) => name.endsWith(`.${kind}`) && html.includes(name));
  const size = first.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, assets)), { level: 9 }).length, 0);
  console.log(`size: first ${kind} ${(size / 1024).toFixed(1)} KB gzip of ${budget / 1024}`);
  if (size > budget) process.exit(1);
}
