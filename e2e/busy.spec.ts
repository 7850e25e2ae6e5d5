/** A busy chat: a message that arrives costs the same whatever is on the screen, and moves nothing. */
import { Gauge } from './bench/gauge';
import { say, scrollBy, talk } from './talk';
import { expect, type Server, type Someone, test } from './world';

interface Counts {
  /** Formatters made, and texts made by them. */
  made: number;
  used: number;
  /** The seqs of the messages that were drawn already and were changed. */
  touched: number[];
  /** Changes of the document, and questions for the place or the size of an element. */
  changed: number;
  measured: number;
}
type Counting = typeof globalThis & { counts: Counts };

const NOTHING: Counts = { made: 0, used: 0, touched: [], changed: 0, measured: 0 };

/** Counts what needs a layout. Runs in the page, before its own scripts. */
function countMeasures(): void {
  const note = (): void => {
    const { counts } = globalThis as Counting;
    counts.measured += 1;
  };
  const rect = Element.prototype.getBoundingClientRect;
  Element.prototype.getBoundingClientRect = function (this: Element): DOMRect {
    note();
    return rect.call(this);
  };
  const places = ['scrollTop', 'scrollHeight', 'clientHeight', 'clientWidth'].map((name) => [Element, name] as const);
  const sizes = ['offsetTop', 'offsetHeight', 'offsetWidth'].map((name) => [HTMLElement, name] as const);
  for (const [{ prototype }, name] of [...places, ...sizes]) {
    const own = Object.getOwnPropertyDescriptor(prototype, name) ?? {};
    const get = function (this: Element): unknown {
      note();
      return own.get?.call(this);
    };
    Object.defineProperty(prototype, name, { ...own, get });
  }
}

/** Counts the formatters of the page, and the messages that change. Runs in the page, before its own scripts. */
function count(none: Counts): void {
  const counts: Counts = { ...none, touched: [] };
  (globalThis as Counting).counts = counts;
  for (const name of ['DateTimeFormat', 'RelativeTimeFormat', 'NumberFormat', 'ListFormat', 'Segmenter'] as const) {
    const construct = (kind: new () => object, given: []): object => {
      counts.made += 1;
      return Reflect.construct(kind, given);
    };
    Object.assign(Intl, { [name]: new Proxy(Intl[name], { construct } as ProxyHandler<never>) });
  }
  for (const name of ['toLocaleString', 'toLocaleDateString', 'toLocaleTimeString'] as const) {
    const format = Date.prototype[name];
    Date.prototype[name] = function (this: Date, ...given: []): string {
      counts.made += 1;
      return format.apply(this, given);
    };
  }
  const format = Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format');
  Object.defineProperty(Intl.DateTimeFormat.prototype, 'format', {
    get(): unknown {
      counts.used += 1;
      return format?.get?.call(this);
    },
  });
  const seqOf = (node: Node): number => {
    const element = node instanceof Element ? node : node.parentElement;
    return Number(element?.closest<HTMLElement>('article[data-seq]')?.dataset.seq ?? 0);
  };
  const changes = new MutationObserver((records) => {
    counts.changed += records.length;
    for (const one of records) if (seqOf(one.target)) counts.touched.push(seqOf(one.target));
  });
  changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

const NEWS = 10;

/** Returns what so many messages cost that arrive one after another, and the seq of the first. */
async function arrive(server: Server, one: Someone, gauge: Gauge, from: { token: string; chat: number }, name: string) {
  await one.page.evaluate((none) => void Object.assign((globalThis as Counting).counts, none), NOTHING);
  let first = 0;
  const { layouts } = await gauge.cost(async () => {
    for (let n = 1; n <= NEWS; n += 1) {
      const { seq } = await say(server, from, from.chat, `${name} ${n}.`);
      first ||= seq;
      await expect(one.message(`${name} ${n}.`)).toBeInViewport();
    }
  });
  return { first, layouts, ...(await one.page.evaluate(() => (globalThis as Counting).counts)) };
}

const drawn = (one: Someone) => one.page.locator('article[data-seq]').count();

test('a message that arrives costs the same whatever is drawn, and draws no other one', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 190);
  const one = await someone();
  const gauge = await Gauge.on(one.page);
  await one.page.addInitScript(count, NOTHING);
  await one.page.addInitScript(countMeasures);
  await one.signIn(ann.email);
  await one.open('Bob');
  await expect(one.message('message 190.')).toBeInViewport();
  await expect(one.page.getByRole('img', { name: 'unread' })).toHaveCount(0);
  const few = await drawn(one);
  const early = await arrive(server, one, gauge, { ...bob, chat }, 'early');
  await expect(async () => {
    await scrollBy(one, -100_000);
    expect(await drawn(one)).toBeGreaterThan(few + 100);
  }).toPass();
  await one.page.getByRole('button', { name: 'Go to the newest messages' }).click();
  const late = await arrive(server, one, gauge, { ...bob, chat }, 'late');
  for (const { first, touched, made, used, changed, measured, layouts } of [early, late]) {
    // The message before it may end its run there.
    expect(touched.filter((seq) => seq < first - 1)).toEqual([]);
    expect(made).toBe(0);
    expect(used).toBeLessThan(12 * NEWS);
    expect(changed).toBeLessThan(20 * NEWS);
    expect(measured).toBeLessThan(40 * NEWS);
    expect(layouts).toBeLessThan(3 * NEWS);
  }
  // With 200 rows it is what it is with 50.
  for (const part of ['used', 'changed', 'measured', 'layouts'] as const)
    expect(late[part], part).toBeLessThan(1.5 * early[part] + NEWS);
});

/** Sends so many messages, some of them at the same time. */
async function flood(server: Server, bob: { token: string }, chat: number, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 25)
    await Promise.all(
      Array.from({ length: Math.min(25, left) }, (_, n) => say(server, bob, chat, `flood ${left - n}.`)),
    );
}

/** Returns how many messages are in memory and on no screen. */
async function forgotten({ page, context }: Someone): Promise<number> {
  const tools = await context.newCDPSession(page);
  await tools.send('HeapProfiler.collectGarbage');
  const { result } = await tools.send('Runtime.evaluate', { expression: 'HTMLElement.prototype' });
  const { objects } = await tools.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
  const { result: count } = await tools.send('Runtime.callFunctionOn', {
    objectId: objects.objectId ?? '',
    functionDeclaration: `function () {
      const elements = this.filter((one) => !Object.hasOwn(one, 'constructor'));
      return elements.filter((one) => one.localName === 'article' && !one.isConnected).length;
    }`,
    returnByValue: true,
  });
  return Number(count.value);
}

test('the page stays small and where it is, however many messages arrive', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 60);
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Bob');
  await expect(one.message('message 60.')).toBeInViewport();
  await flood(server, bob, chat, 300);
  await say(server, bob, chat, 'the end of it');
  await expect(one.message('the end of it')).toBeInViewport();
  expect(await drawn(one)).toBeLessThanOrEqual(220);
  await expect(one.page.getByRole('img', { name: 'unread' })).toHaveCount(0);

  const down = one.page.getByRole('button', { name: 'Go to the newest messages' });
  await scrollBy(one, -3000);
  await expect(down).toBeVisible();
  const seq = await one.page.locator('article[data-seq]').evaluateAll((all) => {
    const seen = all.find((each) => each.getBoundingClientRect().top > 150);
    return (seen as HTMLElement | undefined)?.dataset.seq ?? '';
  });
  const topOf = () => one.page.locator(`article[data-seq="${seq}"]`).evaluate((it) => it.getBoundingClientRect().top);
  const before = await topOf();
  await flood(server, bob, chat, 250);
  await expect(down).toContainText('250');
  expect(Math.abs((await topOf()) - before)).toBeLessThan(0.5);
  expect(await drawn(one)).toBeLessThanOrEqual(220);
  await say(server, bob, chat, 'the very end');
  await down.click();
  await expect(one.message('the very end')).toBeInViewport();
  // Those of the last drawing may be held for a moment.
  await expect.poll(() => forgotten(one)).toBeLessThan(60);
});

test('messages that left the window are not announced as new when they return', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 260);
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Bob');
  const down = one.page.getByRole('button', { name: 'Go to the newest messages' });
  await expect(one.message('message 260.')).toBeInViewport();
  await one.page.locator('main [aria-live=polite]').evaluate((it) => {
    const heard: string[] = [];
    Object.assign(globalThis, { heard });
    new MutationObserver(() => it.textContent && heard.push(it.textContent)).observe(it, {
      subtree: true,
      childList: true,
      characterData: true,
    });
  });
  await expect(async () => {
    await scrollBy(one, -100_000);
    await expect(one.message('message 260.')).toHaveCount(0);
  }).toPass();
  await down.click();
  await expect(one.message('message 260.')).toBeInViewport();
  await say(server, bob, chat, 'and one more.');
  await expect(one.page.locator('main [aria-live=polite]')).toContainText('and one more.');
  expect(await one.page.evaluate(() => (globalThis as typeof globalThis & { heard: string[] }).heard)).toEqual([
    expect.stringContaining('and one more.'),
  ]);
});
