/** A busy chat: a message that arrives costs the same whatever is on the screen, and moves nothing. */
import { say, scrollBy, talk } from './talk';
import { expect, type Server, type Someone, test } from './world';

interface Counts {
  /** Formatters made, and texts made by them. */
  made: number;
  used: number;
  /** The seqs of the messages that were drawn already and were changed. */
  touched: number[];
}
type Counting = typeof globalThis & { counts: Counts };

/** Counts the formatters of the page, and the messages that change. Runs in the page, before its own scripts. */
function count(): void {
  const counts: Counts = { made: 0, used: 0, touched: [] };
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
    for (const one of records) if (seqOf(one.target)) counts.touched.push(seqOf(one.target));
  });
  changes.observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
}

const NEWS = 10;

/** Returns what so many messages cost that arrive one after another, and the seq of the first. */
async function arrive(server: Server, one: Someone, bob: { token: string }, chat: number, name: string) {
  await one.page.evaluate(() => {
    Object.assign((globalThis as Counting).counts, { made: 0, used: 0, touched: [] });
  });
  let first = 0;
  for (let n = 1; n <= NEWS; n += 1) {
    const { seq } = await say(server, bob, chat, `${name} ${n}.`);
    first ||= seq;
    await expect(one.message(`${name} ${n}.`)).toBeInViewport();
  }
  return { first, ...(await one.page.evaluate(() => (globalThis as Counting).counts)) };
}

const drawn = (one: Someone) => one.page.locator('article[data-seq]').count();

test('a message that arrives draws no other message, and makes no formatter', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 190);
  const one = await someone();
  await one.page.addInitScript(count);
  await one.signIn(ann.email);
  await one.open('Bob');
  await expect(one.message('message 190.')).toBeInViewport();
  await expect(one.page.getByRole('img', { name: 'unread' })).toHaveCount(0);
  const few = await drawn(one);
  const cheap = await arrive(server, one, bob, chat, 'early');
  await expect(async () => {
    await scrollBy(one, -100_000);
    expect(await drawn(one)).toBeGreaterThan(few + 100);
  }).toPass();
  await one.page.getByRole('button', { name: 'Go to the newest messages' }).click();
  const many = await arrive(server, one, bob, chat, 'late');
  for (const { first, touched, made, used } of [cheap, many]) {
    // The message before it may end its run there.
    expect(touched.filter((seq) => seq < first - 1)).toEqual([]);
    expect(made).toBe(0);
    expect(used).toBeLessThan(12 * NEWS);
  }
});

/** Sends so many messages, some of them at the same time. */
async function flood(server: Server, bob: { token: string }, chat: number, count: number): Promise<void> {
  for (let left = count; left > 0; left -= 25)
    await Promise.all(
      Array.from({ length: Math.min(25, left) }, (_, n) => say(server, bob, chat, `flood ${left - n}.`)),
    );
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
