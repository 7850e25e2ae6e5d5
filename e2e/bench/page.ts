/** What a reader does, as functions that run in the page, and one that measures each. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from '@playwright/test';

export const drawn = (page: Page) => page.locator('article[data-seq]').count();

/** Draws a full window, and goes back to its end. */
export async function fill(page: Page): Promise<void> {
  const list = page.getByRole('region').last();
  for (let tries = 0; tries < 20 && (await drawn(page)) < 180; tries += 1) {
    await list.evaluate((box) => box.scrollTo(0, 0));
    await sleep(300);
  }
  const down = page.getByRole('button', { name: 'Go to the newest messages' });
  if (await down.isVisible()) await down.click();
  await list.evaluate((box) => box.scrollTo(0, box.scrollHeight));
  // Under a mouse each message that scrolls by is one that it enters and leaves.
  await page.mouse.move(3, 3);
  await sleep(1000);
}

/** Switches between two chats; returns the ms until the other one is on the screen. Runs in the page. */
export async function switched(names: string[]): Promise<number[]> {
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

export interface Scroll {
  /** The ms between frames. */
  gaps: number[];
  /** The numbers of frames without a message, and at the edge of what is loaded. */
  blank: number;
  waiting: number;
}

/** Scrolls to the first message, so many px a frame. Runs in the page. */
export async function scrolled(step: number): Promise<Scroll> {
  const list = [...document.querySelectorAll('[role=region]')].at(-1) as HTMLElement;
  const frame = () => new Promise<number>((resolve) => requestAnimationFrame(resolve));
  const first = () => Number(list.querySelector<HTMLElement>('article[data-seq]')?.dataset.seq);
  const gaps: number[] = [];
  let [blank, waiting, last] = [0, 0, await frame()];
  while ((first() > 1 || list.scrollTop > 0) && gaps.length < 15_000) {
    list.scrollTop -= step;
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
export async function moved(): Promise<number[]> {
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
    // By its number: a row that was drawn anew is where it was for a reader.
    const after = list.querySelector(`article[data-seq="${seen?.dataset.seq}"]`);
    errors.push(after ? Math.abs(after.getBoundingClientRect().top - before) : Number.POSITIVE_INFINITY);
  }
  return errors;
}

/** Returns the ms until one can type beside the messages of the last chat, after each of five loads. */
export async function started(page: Page): Promise<number[]> {
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
