/** For the ear and the keyboard: names that say everything, few stops, and a focus that is always somewhere. */
import type { Page } from '@playwright/test';
import { PASSWORD } from './server';
import { PHONE } from './talk';
import { expect, test } from './world';

const focused = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.tagName ?? '');

test('a message says its author, what it answers, its time, that it was edited, and its state', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('shall we?');
  await ann.choose('shall we?', 'Reply');
  await ann.say('gladly');
  await ann.choose('gladly', 'Edit');
  await ann.composer().fill('very gladly');
  await ann.composer().press('Enter');
  const name = /^You: very gladly In reply to Bob: shall we\? edited \d\d:\d\d.* read$/;
  await expect(ann.page.getByRole('article', { name })).toBeVisible();
  const heard = /^Ann: very gladly In reply to .* edited \d\d:\d\d/;
  await expect(bob.page.getByRole('article', { name: heard })).toBeVisible();
});

test('few stops are between the field and the list; those of a message follow it', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  for (let nth = 0; nth < 5; nth += 1) await bob.say(`https://example.org/${nth} ||hidden|| \`code\``);
  await expect(page.locator('article').getByRole('link', { name: 'https://example.org/4' })).toBeVisible();
  await ann.composer().focus();
  let stops = 0;
  while (!(await page.evaluate(() => document.activeElement?.getAttribute('role') === 'region'))) {
    await page.keyboard.press('Shift+Tab');
    stops += 1;
    expect(stops).toBeLessThan(4);
  }
  await page.keyboard.press('ArrowUp');
  await expect(page.locator('article').last()).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.locator('article').getByRole('link', { name: 'https://example.org/4' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('button', { name: 'Show hidden text' }).last()).toBeFocused();
  // Back over the message, the day that it was said on can be reached too.
  await page.locator('article').first().focus();
  await page.keyboard.press('Shift+Tab');
  await expect(page.getByRole('button', { name: 'Today' })).toBeFocused();
});

test('the focus is never on the page as a whole: after the sign-in, Undo and the page of keys', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await server.call('POST', `/chats/${id}/messages`, { text: 'mine' }, ann.token);
  const one = await someone();
  const { page } = one;
  await page.goto('/');
  await page.getByLabel('E-mail').fill(ann.email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('navigation').getByRole('heading', { level: 1 })).toBeFocused();
  await one.open('Bob');
  await one.choose('mine', 'Delete');
  const undo = page.getByRole('button', { name: 'Undo' });
  await undo.focus();
  await page.keyboard.press('Enter');
  await expect(undo).toHaveCount(0);
  expect(await focused(page)).not.toBe('BODY');
  await page.getByRole('region').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Settings' })).toHaveCount(0);
  await expect(one.composer()).toBeFocused();
  // On a phone the chat of the address takes the place of the list.
  const phone = await someone(PHONE);
  await phone.page.goto(`/chat/${id}`);
  await phone.page.getByLabel('E-mail').fill(ann.email);
  await phone.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await phone.page.keyboard.press('Enter');
  await expect(phone.composer()).toBeVisible();
  await expect.poll(() => focused(phone.page)).not.toBe('BODY');
});

test('Escape leaves the settings, from a field with the second press', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByLabel('Your name').focus();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page).toHaveURL(`${server.url}/`);
  await expect(page.getByRole('button', { name: 'Settings' })).toBeFocused();
});
