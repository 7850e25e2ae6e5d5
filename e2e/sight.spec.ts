/** For every eye: forced colours, larger text, paper. */
import type { Page } from '@playwright/test';
import { expect, test } from './world';

/** Returns the width of the border of each element. */
const borders = (page: Page, selector: string): Promise<number[]> =>
  page
    .locator(selector)
    .evaluateAll((all) => all.map((one) => Number.parseFloat(getComputedStyle(one).borderTopWidth)));

test('dialogs and buttons have edges in forced colours', async ({ pair }) => {
  const [ann] = await pair();
  const { page } = ann;
  await page.emulateMedia({ forcedColors: 'active' });
  await page.getByRole('button', { name: 'New chat' }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  for (const selector of ['dialog[open]', 'dialog[open] button:not([role])', 'main button:not([role])']) {
    const found = await borders(page, selector);
    expect(found.length, selector).toBeGreaterThan(0);
    expect(Math.min(...found), selector).toBeGreaterThanOrEqual(1);
  }
});

test('text of twice the size is cut nowhere', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  await bob.say('a question?');
  await ann.choose('a question?', 'Reply');
  await ann.say('an answer');
  await expect(ann.message('an answer')).toBeVisible();
  /** Returns the texts that are higher than their boxes, or reach over the edge of the page. */
  const cut = (): Promise<string[]> =>
    page.evaluate(() => {
      document.documentElement.style.fontSize = '200%';
      const meant = 'header, h1, h2, nav li > a, nav li > a span, button, label, textarea, time, article p, dt, dd';
      return [...document.querySelectorAll<HTMLElement>(meant)]
        .filter((one) => one.offsetHeight > 1 && getComputedStyle(one).clipPath === 'none')
        .filter((one) => {
          const { display, fontSize } = getComputedStyle(one);
          // A font may be a little higher than a close line, which cuts no letter.
          const most = one.clientHeight + 0.1 * Number.parseFloat(fontSize);
          const isOver = one.getBoundingClientRect().right > innerWidth + 1;
          return display !== 'inline' && (isOver || one.scrollHeight > most);
        })
        .map((one) => `${one.tagName} ${one.className}: ${one.textContent}`);
    });
  expect(await cut()).toEqual([]);
  await page.goto('/settings');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  expect(await cut()).toEqual([]);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await cut()).toEqual([]);
  await page.goto('/settings/keys');
  await expect(page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeVisible();
  expect(await cut()).toEqual([]);
});

test('paper is light, whatever the theme', async ({ pair }) => {
  const [ann] = await pair();
  const { page } = ann;
  await page.emulateMedia({ colorScheme: 'dark' });
  const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset.theme);
  await expect.poll(theme).toBe('dark');
  await page.emulateMedia({ colorScheme: 'dark', media: 'print' });
  await expect.poll(theme).toBe('light');
  await page.emulateMedia({ colorScheme: 'dark', media: 'screen' });
  await expect.poll(theme).toBe('dark');
  // A browser that only tells of the printing itself.
  await page.evaluate(() => dispatchEvent(new Event('beforeprint')));
  expect(await theme()).toBe('light');
  await page.evaluate(() => dispatchEvent(new Event('afterprint')));
  expect(await theme()).toBe('dark');
});
