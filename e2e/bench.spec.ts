/** `make bench-web`: what a busy chat costs, beside a page without a framework; results in `bench/results-web.md`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { bare } from './bare';
import { at, Gauge } from './gauge';
import { expect, type Server, Someone, test } from './world';

type Person = Awaited<ReturnType<Server['person']>>;

const { MESSAGES = '10000', MINUTES = '1' } = process.env;
const CHATS = 200;
const OTHER = 'Second chat';
const TEXTS = [
  'ок',
  'Да, конечно, завтра в десять у входа.',
  'Could you send me the address again? I lost it with my old phone.',
  'https://example.org/a/rather/long/address?with=some&parameters=of#its-own',
  '🎉🎉',
  'Смотри: если **сначала** посолить воду, а _потом_ класть макароны, они не слипаются. Бабушка всегда так делала.',
  '```ts\nconst answer = 42;\nexport default answer;\n```',
  'One line.\nAnother line.\n\n> and what was said before\n\nThat is all there is to say about it for now, I think.',
  `${'Длинный рассказ о том, как мы ехали на дачу и что из этого вышло. '.repeat(8)}`,
  'Ha, `git push --force` again?',
];

interface Place {
  ann: Person;
  bob: Person;
  chat: number;
}

/** Runs so many calls, sixteen at a time. */
async function many(count: number, call: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await call(next);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}

const say = (server: Server, { token }: Person, chat: number, n: number) =>
  server.call('POST', `/chats/${chat}/messages`, { text: `${n}. ${TEXTS[n % TEXTS.length]}` }, token);

/** Makes a person with 200 chats, of which one is long and one fills a window. */
async function lived(server: Server): Promise<Place> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const group = async (name: string): Promise<number> =>
    (await server.call<{ id: number }>('POST', '/chats', { kind: 'group', name, member_ids: [bob.id] }, ann.token)).id;
  await many(CHATS - 2, async (n) => say(server, bob, await group(`Group ${n}`), n));
  const second = await group(OTHER);
  await many(200, (n) => say(server, bob, second, n));
  const body = { kind: 'direct', user_id: bob.id };
  const { id: chat } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  await many(Number(MESSAGES), (n) => say(server, n % 7 < 5 ? bob : ann, chat, n));
  return { ann, bob, chat };
}

/** Sends so many messages a second for so many seconds. */
async function rain(server: Server, { bob, chat }: Place, rate: number, seconds: number): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const began = Date.now();
  for (let n = 0; n < rate * seconds; n += 1) {
    await sleep(Math.max(0, began + (1000 * n) / rate - Date.now()));
    sent.push(say(server, bob, chat, n));
  }
  await Promise.all(sent);
  await sleep(1000);
}

const drawn = (page: Page) => page.locator('article[data-seq]').count();

/** Draws a full window, and goes back to its end. */
async function fill(page: Page): Promise<void> {
  const list = page.getByRole('region').last();
  for (let tries = 0; tries < 20 && (await drawn(page)) < 180; tries += 1) {
    await list.evaluate((box) => box.scrollTo(0, 0));
    await sleep(300);
  }
  const down = page.getByRole('button', { name: 'Go to the newest messages' });
  if (await down.isVisible()) await down.click();
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  await sleep(1000);
}

/** Returns the ms of processor of one arriving message beside those of a quiet page, and their parts. */
async function perMessage(gauge: Gauge, server: Server, place: Place): Promise<Record<string, number>> {
  const [rate, seconds] = [10, 10];
  const quiet = await gauge.cost(() => sleep(1000 * (seconds + 1)));
  const busy = await gauge.cost(() => rain(server, place, rate, seconds));
  const each = (part: keyof typeof busy): number => Math.max(0, busy[part] - quiet[part]) / (rate * seconds);
  return { all: each('all'), script: each('script'), style: each('style'), layout: each('layout') };
}

/** Switches between two chats; returns the ms until the other one is on the screen. Runs in the page. */
async function switched(names: string[]): Promise<number[]> {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const times: number[] = [];
  for (let n = 0; n < 42; n += 1) {
    const name = names[n % 2] ?? '';
    const rows = [...document.querySelectorAll<HTMLElement>('nav a')];
    const began = performance.now();
    rows.find((row) => row.querySelector('b, [class*=name]')?.textContent?.startsWith(name))?.click();
    while (!document.querySelector('main h1')?.textContent?.startsWith(name)) await frame();
    await frame();
    const shown = new MessageChannel();
    shown.port2.postMessage(0);
    await new Promise((resolve) => (shown.port1.onmessage = resolve));
    // The first visits load the chats.
    if (n > 1) times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, n > 1 ? 100 : 2000));
  }
  return times;
}

/** Scrolls to the first message; returns the ms between frames, and the frames without a message. Runs in the page. */
async function scrolled(): Promise<{ gaps: number[]; blank: number; waiting: number }> {
  const list = [...document.querySelectorAll('[role=region]')].at(-1) as HTMLElement;
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const first = () => Number(list.querySelector<HTMLElement>('article[data-seq]')?.dataset.seq);
  const gaps: number[] = [];
  let [blank, waiting, last] = [0, 0, await frame()];
  while ((first() > 1 || list.scrollTop > 0) && gaps.length < 30_000) {
    list.scrollTop -= 100;
    const now = await frame();
    gaps.push(now - last);
    last = now;
    const { left, top, width, height } = list.getBoundingClientRect();
    const hits = [1, 3, 5, 7].map((part) => document.elementFromPoint(left + width / 2, top + (height * part) / 8));
    if (!hits.some((hit) => hit?.closest('article, h2'))) blank += 1;
    if (list.scrollTop === 0) waiting += 1;
  }
  return { gaps, blank, waiting };
}

/** Loads earlier messages; returns the px by which a visible one moved each time. Runs in the page. */
async function moved(): Promise<number[]> {
  const list = [...document.querySelectorAll('[role=region]')].at(-1) as HTMLElement;
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const all = () => [...list.querySelectorAll<HTMLElement>('article[data-seq]')];
  const errors: number[] = [];
  for (let n = 0; n < 20; n += 1) {
    const from = all()[0];
    list.scrollTop = 300;
    await frame();
    const seen = all().find((one) => one.getBoundingClientRect().top > list.getBoundingClientRect().top);
    const before = seen?.getBoundingClientRect().top ?? 0;
    for (let tries = 0; tries < 300 && all()[0] === from; tries += 1) await frame();
    await frame();
    if (seen) errors.push(Math.abs(seen.getBoundingClientRect().top - before));
  }
  return errors;
}

/** Returns the ms until one can type beside the messages of the last chat, after each of five loads. */
async function started(page: Page): Promise<number[]> {
  const times: number[] = [];
  for (let n = 0; n < 5; n += 1) {
    await page.reload();
    const isReady = () =>
      document.querySelector('textarea:enabled') && document.querySelector('article') ? performance.now() : 0;
    times.push(Number(await (await page.waitForFunction(isReady, undefined, { polling: 'raf' })).jsonValue()));
    await sleep(1500);
  }
  return times;
}

const figures = new Map<string, Map<string, string>>();
/** Notes a figure of one column of the table. */
function note(column: string, name: string, value: number | string): void {
  const row = figures.get(name) ?? new Map<string, string>();
  const text = typeof value === 'number' ? value.toFixed(value < 10 ? 2 : 0) : value;
  figures.set(name, row.set(column, text));
  console.log(`${column}: ${name}: ${text}`);
}

/** Measures what both pages do, in the chat that is open. */
async function measure(page: Page, gauge: Gauge, server: Server, place: Place, column: string): Promise<void> {
  note(column, 'a warm start, ready to type, median, ms', at(0.5, await started(page)));
  note(column, 'rows at first', await drawn(page));
  note(column, 'a message, ms of processor, rows at first', (await perMessage(gauge, server, place)).all ?? 0);
  await fill(page);
  note(column, 'rows of a full window', await drawn(page));
  const each = await perMessage(gauge, server, place);
  for (const [part, ms] of Object.entries(each)) note(column, `a message, ms of processor, a full window: ${part}`, ms);
  const { tasks, keys } = await gauge.typing(() => rain(server, place, 50, 10));
  note(column, '50 messages/s for 10 s: tasks over 50 ms', tasks.length);
  note(column, '50 messages/s for 10 s: longest task, ms', at(1, tasks));
  note(column, '50 messages/s for 10 s: a key on screen, p50, ms', at(0.5, keys));
  note(column, '50 messages/s for 10 s: a key on screen, p95, ms', at(0.95, keys));
  note(column, 'rows after that', await drawn(page));
  const times = await page.evaluate(switched, [OTHER, 'Bob']);
  note(column, 'a cached switch, p50, ms', at(0.5, times));
  note(column, 'a cached switch, p95, ms', at(0.95, times));
}

test('@bench a busy chat', async ({ server, browser }) => {
  test.setTimeout(3 * 3_600_000);
  const place = await lived(server);
  for (const rate of [1, 4]) {
    const plain = await Someone.arrives(browser, server);
    const { token } = place.ann;
    const body = bare({ token, chatId: place.chat });
    // The page does not come from the machine itself, as the browser sees it.
    await plain.context.grantPermissions(['local-network-access'], { origin: server.url });
    await plain.context.route('**/bare', (route) => route.fulfill({ contentType: 'text/html', body }));
    const below = await Gauge.on(plain.page);
    await plain.page.goto('/bare');
    await expect(plain.page.locator('article').last()).toBeVisible();
    await below.slow(rate);
    await measure(plain.page, below, server, place, `bare, ${rate}x`);
    await plain.context.close();

    const one = await Someone.arrives(browser, server);
    const gauge = await Gauge.on(one.page);
    await one.signIn(place.ann.email);
    await one.page.goto(`/chat/${place.chat}`);
    await expect(one.page.locator('article').last()).toBeVisible();
    // The chat opens at its first unread message.
    await one.page.getByRole('button', { name: 'Go to the newest messages' }).click();
    await sleep(3000);
    await gauge.slow(rate);
    await measure(one.page, gauge, server, place, `ours, ${rate}x`);
    if (rate === 1) await scrolling(one.page, gauge, server, place);
    await one.context.close();
  }
  const columns = ['bare, 1x', 'ours, 1x', 'bare, 4x', 'ours, 4x'];
  const lines = [...figures].map(([name, row]) => [name, ...columns.map((column) => row.get(column) ?? '')]);
  for (const cells of [['', ...columns], ['---', ...columns.map(() => '---')], ...lines])
    console.log(`| ${cells.join(' | ')} |`);
});

/** Measures what only our page does: a long history, and its memory over time. */
async function scrolling(page: Page, gauge: Gauge, server: Server, place: Place): Promise<void> {
  const column = 'ours, 1x';
  await fill(page);
  const before = await gauge.heap();
  await rain(server, place, 5, 60 * Number(MINUTES));
  note(column, `heap after ${MINUTES} min of 5 messages/s, growth in MiB`, ((await gauge.heap()) - before) / 2 ** 20);
  const errors = await page.evaluate(moved);
  note(column, 'earlier messages load: largest move of a visible one, px', at(1, errors));
  const { gaps, blank, waiting } = await page.evaluate(scrolled);
  note(column, 'scrolling to the first message: frames', gaps.length);
  note(column, 'scrolling: frames without a message', blank);
  note(column, 'scrolling: frames at the edge of what is loaded', waiting);
  note(column, 'scrolling: frames under 20 ms, %', (100 * gaps.filter((gap) => gap < 20).length) / gaps.length);
}
