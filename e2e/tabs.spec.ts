/** Several tabs of one person in one browser: one of them leads, all show the same. */
import type { Page } from '@playwright/test';
import { expect, type Someone, test } from './world';

const bubble = (page: Page, text: string) => page.locator('article').filter({ hasText: text });

/** Another tab of the same browser, at the same chat. */
async function secondTab(ann: Someone): Promise<Page> {
  const page = await ann.context.newPage();
  await page.goto(ann.page.url());
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeVisible();
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  const composer = page.getByRole('textbox', { name: 'Message' });
  await composer.fill(text);
  await composer.press('Enter');
}

test('what one tab sends is once in both, over one socket', async ({ pair }) => {
  const [ann, bob] = await pair();
  let sockets = 0;
  ann.context.on('page', (page) => page.on('websocket', () => (sockets += 1)));
  const second = await secondTab(ann);
  await say(second, 'from the second');
  await ann.say('from the first');
  for (const text of ['from the second', 'from the first']) {
    await expect(bob.message(text)).toHaveCount(1);
    for (const page of [ann.page, second]) await expect(bubble(page, text)).toHaveCount(1);
  }
  await bob.composer().pressSequentially('to both');
  await expect(second.getByRole('main').getByText('Bob is typing…')).toBeVisible();
  await bob.composer().press('Enter');
  for (const page of [ann.page, second]) await expect(bubble(page, 'to both')).toHaveCount(1);
  expect(sockets).toBe(0);
});

test('another tab takes over when the leading one is closed', async ({ pair }) => {
  const [ann, bob] = await pair();
  const second = await secondTab(ann);
  await say(second, 'before');
  await expect(bob.message('before')).toHaveCount(1);
  const taken = second.waitForEvent('websocket', { timeout: 1000 });
  await ann.page.close();
  await taken;
  await bob.say('after');
  await expect(bubble(second, 'after')).toHaveCount(1, { timeout: 1000 });
  await say(second, 'answer');
  await expect(bob.message('answer')).toHaveCount(1);
});

test('two tabs without a network send each message once when it returns', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await ann.say('before the tunnel');
  const second = await secondTab(ann);
  await expect(bubble(second, 'before the tunnel')).toHaveCount(1);
  await server.kill();
  await ann.say('tunnel one');
  await say(second, 'tunnel two');
  for (const page of [ann.page, second])
    for (const text of ['tunnel one', 'tunnel two']) await expect(bubble(page, text)).toHaveCount(1);
  await server.start();
  for (const text of ['tunnel one', 'tunnel two']) {
    await expect(bob.message(text)).toHaveCount(1, { timeout: 30_000 });
    for (const page of [ann.page, second]) await expect(bubble(page, text).getByRole('img', { name: /sent|read/i })).toHaveCount(1);
  }
});
