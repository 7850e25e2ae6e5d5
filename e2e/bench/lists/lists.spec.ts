/** `make bench-web ARGS=--lists`: three lists of the same messages; the results are in docs/decisions. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Page, test } from '@playwright/test';
import { ROOT } from '../../forked';
import { STYLE } from '../bare';
import { at, Gauge } from '../gauge';
import { drawn, moved, scrolled } from '../page';
import { TEXTS } from '../place';
import { publish, Table } from '../table';
import type { Given } from './page';

type Listing = typeof globalThis & { start: (given: Given) => void; arrive: () => void };

const [COUNT, RATE, SECONDS] = [2000, 10, 8];
const KINDS = { window: 'plain, 200 rows', contained: 'content-visibility, 200 rows', virtual: 'virtua' } as const;

/** Builds the page with Preact in the place of React. */
function built(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lists-'));
  const vite = join(ROOT, 'frontend/node_modules/vite/bin/vite.js');
  execFileSync('node', [vite, 'build', '--config', 'vite.config.mjs', '--outDir', folder], {
    cwd: join(ROOT, 'e2e/bench/lists'),
  });
  return readFileSync(join(folder, 'page.js'), 'utf8');
}

const style = `${STYLE} body { block-size: 800px } main > * { flex: 1; overflow-y: auto; overflow-anchor: none }
  .contained > article { content-visibility: auto; contain-intrinsic-size: auto 80px }`;

/** Adds messages at a steady rate. Runs in the page. */
const rain = async ([rate, seconds]: readonly number[]): Promise<void> => {
  for (let n = 0; n < (rate ?? 0) * (seconds ?? 0); n += 1) {
    (globalThis as Listing).arrive();
    await new Promise((resolve) => setTimeout(resolve, 1000 / (rate ?? 1)));
  }
};

async function measure(page: Page, table: Table, script: string, kind: keyof typeof KINDS): Promise<void> {
  const note = (row: string, value: number): void => table.note(KINDS[kind], row, value);
  const gauge = await Gauge.on(page);
  await page.setContent(`<!doctype html><meta charset="utf-8"><style>${style}</style><main></main>`);
  await page.addScriptTag({ content: script });
  const given: Given = { kind, texts: TEXTS, count: COUNT };
  const opening = await gauge.cost(async () => {
    await page.evaluate((given) => (globalThis as Listing).start(given), given);
    await sleep(1000);
  });
  note('opening, ms of processor', opening.all);
  note('rows', await drawn(page));
  const quiet = await gauge.cost(() => sleep(1000 * SECONDS));
  const busy = await gauge.cost(() => page.evaluate(rain, [RATE, SECONDS]));
  for (const part of ['all', 'script', 'style', 'layout'] as const)
    note(`a message, ms of processor: ${part}`, Math.max(0, busy[part] - quiet[part]) / (RATE * SECONDS));
  note('layouts for a message, number', (busy.layouts - quiet.layouts) / (RATE * SECONDS));
  note('earlier messages load: largest move of a visible one, px', at(1, await page.evaluate(moved)));
  const { gaps, blank } = await page.evaluate(scrolled, 100);
  note('scrolling: frames under 20 ms, %', (100 * gaps.filter((gap) => gap < 20).length) / gaps.length);
  note('scrolling: frames without a message', blank);
}

test('@lists three lists of the same messages', async ({ browser }) => {
  test.setTimeout(20 * 60_000);
  const table = new Table('', Object.values(KINDS));
  const script = built();
  for (const kind of Object.keys(KINDS) as (keyof typeof KINDS)[]) {
    const page = await browser.newPage();
    await measure(page, table, script, kind);
    await page.close();
  }
  publish('three lists', `A chat of ${COUNT} messages, without a server; ${RATE} messages a second.`, [table]);
});
