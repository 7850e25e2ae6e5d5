/** `make bench-web`: what a busy chat costs, beside a page without a framework; results in `bench/results-web.md`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { expect, type Server, Someone, test } from '../world';
import { bare } from './bare';
import { at, Gauge, type Metrics, slope } from './gauge';
import { drawn, fill, moved, type Scroll, scrolled, started, switched } from './page';
import { lived, OTHER, type Place, rain } from './place';
import { publish, Table } from './table';

const { MESSAGES = '10000', MINUTES = '1.5' } = process.env;
/** The scroll of a fast wheel, px a frame. */
const STEP = 200;

const START = 'a warm start, ready to type, median of 5, ms';
const FEW = 'a message, ms of processor, rows at first';
const FULL = 'a message, ms of processor, a full window';
const BURST = '50 messages/s for 10 s';
const HEAP = `heap, MiB in 30 min, by the slope of ${MINUTES} min of 10 messages/s`;

const table = new Table('', ['bare, 1x', 'ours, 1x', 'bare, 4x', 'ours, 4x'], {
  [START]: '4x: 800',
  [`${FEW}: all`]: '2',
  [`${FULL}: all`]: '2',
  [`${BURST}: tasks over 50 ms`]: '4x: 0',
  [`${BURST}: scripts over 50 ms`]: '4x: 0',
  [`${BURST}: a key on screen, p95, ms`]: '4x: 50',
  'a cached switch, p95, ms': '1x: 60',
  'earlier messages load: largest move of a visible one, px': '0',
  'scrolling to the first message: frames without a message': '0',
  'scrolling to the first message: frames under 20 ms, %': '1x: 95',
  [HEAP]: 'flat',
});

/** Returns the cost of one arriving message beside that of a quiet page. */
async function perMessage(gauge: Gauge, server: Server, place: Place): Promise<Metrics> {
  const [rate, seconds] = [10, 6];
  const quiet = await gauge.cost(() => sleep(1000 * (seconds + 1)));
  const busy = await gauge.cost(() => rain(server, place, rate, seconds));
  const each = (part: keyof Metrics): number => Math.max(0, busy[part] - quiet[part]) / (rate * seconds);
  return {
    all: each('all'),
    script: each('script'),
    style: each('style'),
    layout: each('layout'),
    layouts: each('layouts'),
  };
}

/** Measures what both pages do, in the chat that is open. */
async function measure(page: Page, gauge: Gauge, server: Server, place: Place, column: string): Promise<void> {
  const note = (row: string, value: number): void => table.note(column, row, value);
  note(START, at(0.5, await started(page)));
  note('rows at first', await drawn(page));
  if (column.endsWith('1x')) note(`${FEW}: all`, (await perMessage(gauge, server, place)).all);
  await fill(page);
  note('rows of a full window', await drawn(page));
  const { layouts, ...parts } = await perMessage(gauge, server, place);
  for (const [part, ms] of Object.entries(parts)) note(`${FULL}: ${part}`, ms);
  note(`${FULL}: layouts, number`, layouts);
  const { tasks, scripts, keys } = await gauge.typing(() => rain(server, place, 50, 10));
  note(`${BURST}: tasks over 50 ms`, tasks.length);
  note(`${BURST}: longest task, ms`, at(1, tasks));
  note(`${BURST}: scripts over 50 ms`, scripts.filter((one) => one > 50).length);
  note(`${BURST}: longest script, ms`, at(1, scripts));
  note(`${BURST}: a key on screen, p50, ms`, at(0.5, keys));
  note(`${BURST}: a key on screen, p95, ms`, at(0.95, keys));
  note('rows after that', await drawn(page));
  const times = await page.evaluate(switched, [OTHER, 'Bob']);
  note('a cached switch, p50, ms', at(0.5, times));
  note('a cached switch, p95, ms', at(0.95, times));
}

/** Measures a long history. */
async function history(page: Page, column: string): Promise<void> {
  const note = (row: string, value: number): void => table.note(column, row, value);
  await fill(page);
  note('earlier messages load: largest move of a visible one, px', at(1, await page.evaluate(moved)));
  const { gaps, blank, waiting }: Scroll = await page.evaluate(scrolled, STEP);
  const under = gaps.filter((gap) => gap < 20).length;
  note('scrolling to the first message: frames', gaps.length);
  note('scrolling to the first message: frames under 20 ms, %', (100 * under) / gaps.length);
  note('scrolling to the first message: longest frame, ms', at(1, gaps));
  note('scrolling to the first message: frames without a message', blank);
  note('scrolling to the first message: frames at the edge of what is loaded', waiting);
}

interface Opened {
  page: Page;
  gauge: Gauge;
  close: () => Promise<void>;
}

/** Opens the page without a framework. */
async function plain(browser: Browser, server: Server, place: Place): Promise<Opened> {
  const { page, context } = await Someone.arrives(browser, server);
  const body = bare({ token: place.ann.token, chatId: place.chat });
  // The page does not come from the machine itself, as the browser sees it.
  await context.grantPermissions(['local-network-access'], { origin: server.url });
  await context.route('**/bare', (route) => route.fulfill({ contentType: 'text/html', body }));
  const gauge = await Gauge.on(page);
  await page.goto('/bare');
  await expect(page.locator('article').last()).toBeVisible();
  return { page, gauge, close: () => context.close() };
}

/** Opens our page at its newest message. */
async function ours(browser: Browser, server: Server, place: Place): Promise<Opened> {
  const one = await Someone.arrives(browser, server);
  const gauge = await Gauge.on(one.page);
  await one.signIn(place.ann.email);
  await one.page.goto(`/chat/${place.chat}`);
  await expect(one.page.locator('article').last()).toBeVisible();
  // The chat opens at its first unread message.
  await sleep(1500);
  const down = one.page.getByRole('button', { name: 'Go to the newest messages' });
  if (await down.isVisible()) await down.click();
  await expect(down).toBeHidden();
  await sleep(1500);
  return { page: one.page, gauge, close: () => one.context.close() };
}

const OPEN = { bare: plain, ours };

/** Measures the heaps of both pages at the same time: first they fill their windows and caches. */
async function heaps(browser: Browser, server: Server, place: Place): Promise<void> {
  const pages = { bare: await plain(browser, server, place), ours: await ours(browser, server, place) };
  for (const { page } of Object.values(pages)) await fill(page);
  await rain(server, place, 50, 8);
  const points = { bare: [] as [number, number][], ours: [] as [number, number][] };
  const end = Date.now() + 60_000 * Number(MINUTES);
  const every = Math.max(5, 2 * Number(MINUTES));
  while (Date.now() < end) {
    for (const name of ['bare', 'ours'] as const)
      points[name].push([Date.now() / 1_800_000, (await pages[name].gauge.heap()) / 2 ** 20]);
    await rain(server, place, 10, every);
  }
  for (const name of ['bare', 'ours'] as const) {
    const [by, error] = slope(points[name]);
    table.note(`${name}, 1x`, 'heap, MiB', points[name].at(-1)?.[1] ?? 0);
    table.note(`${name}, 1x`, HEAP, `${by.toFixed(1)} ± ${error.toFixed(1)}`);
    await pages[name].close();
  }
}

test('@bench a busy chat', async ({ server, browser }) => {
  test.setTimeout(3 * 3_600_000);
  try {
    const place = await lived(server, Number(MESSAGES));
    for (const rate of [1, 4]) {
      for (const [name, open] of Object.entries(OPEN)) {
        const { page, gauge, close } = await open(browser, server, place);
        await gauge.slow(rate);
        await measure(page, gauge, server, place, `${name}, ${rate}x`);
        if (rate === 1) await history(page, `${name}, ${rate}x`);
        await close();
      }
    }
    await heaps(browser, server, place);
  } finally {
    // What was measured before a failure is kept too.
    const lacks = table.missing.length ? `Not measured: ${table.missing.join('; ')}.` : '';
    publish(`a chat of ${MESSAGES} messages`, lacks, [table]);
  }
});
