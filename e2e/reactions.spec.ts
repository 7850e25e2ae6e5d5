/** Reactions: by mouse, by keys, by finger, without a network; both people see the same, and who reacted. */
import { violations } from './axe';
import { expect, keptWords, type Someone, test } from './world';

const PHONE = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const chip = (one: Someone, name: string | RegExp) => one.message('a word').getByRole('button', { name, exact: true });

test('two people react, see both reactions, and remove theirs by a second tap', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('a word');
  await bob.message('a word').hover();
  await bob.message('a word').getByRole('button', { name: 'thumbs up' }).click();
  await expect(chip(bob, 'thumbs up, 1, mine')).toBeVisible();
  await expect(chip(ann, 'thumbs up, 1')).toBeVisible();
  await chip(ann, 'thumbs up, 1').click();
  await expect(chip(ann, 'thumbs up, 2, mine')).toHaveAttribute('aria-pressed', 'true');
  await expect(chip(bob, 'thumbs up, 2, mine')).toBeVisible();
  await chip(bob, 'thumbs up, 2, mine').hover();
  await expect(chip(bob, 'thumbs up, 2, mine')).toHaveAttribute('title', /Ann/);
  await chip(bob, 'thumbs up, 2, mine').click();
  await expect(chip(ann, 'thumbs up, 1, mine')).toBeVisible();
  await chip(ann, 'thumbs up, 1, mine').click();
  await expect(bob.message('a word').getByRole('list', { name: 'Reactions' })).toHaveCount(0);
  await ann.page.reload();
  await expect(ann.message('a word')).toBeVisible();
  await expect(ann.message('a word').getByRole('list', { name: 'Reactions' })).toHaveCount(0);
});

test('by keys: the picker, the menu, who reacted, and back to the message each time', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('a word');
  const { page } = ann;
  const message = ann.message('a word').and(page.locator('[data-seq]'));
  await message.focus();
  await page.keyboard.press('+');
  await page.getByRole('searchbox', { name: 'Search emoji' }).fill('party popper');
  await page.keyboard.press('Enter');
  await expect(chip(ann, 'party popper, 1, mine')).toBeVisible();
  await expect(message).toBeFocused();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Reply' }).waitFor();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  await expect(chip(ann, 'crying face, 1, mine')).toBeVisible();
  await expect(message).toBeFocused();
  await page.keyboard.press('Shift+R');
  const dialog = page.getByRole('dialog', { name: 'Who reacted' });
  await expect(dialog.getByRole('listitem')).toHaveCount(2);
  await dialog.getByRole('button', { name: 'crying face, 1, mine' }).click();
  await expect(dialog.getByRole('listitem')).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Remove' }).click();
  await expect(dialog.getByRole('listitem').filter({ hasText: 'Ann' })).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(message).toBeFocused();
  await expect(chip(bob, 'party popper, 1')).toBeVisible();
  await expect(bob.message('a word').getByRole('button', { name: /crying/ })).toHaveCount(0);
});

test('on a phone a tap offers the emoji, and axe finds nothing', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await server.call('POST', `/chats/${id}/messages`, { text: 'a word', client_msg_id: crypto.randomUUID() }, bob.token);
  const phone = await someone(PHONE);
  const { page } = phone;
  await phone.signIn(ann.email);
  await phone.open('Bob');
  await phone.message('a word').locator('[dir=auto]').tap();
  const heart = page.getByRole('menuitemcheckbox', { name: 'red heart' });
  await expect(heart).toBeVisible();
  const size = await heart.boundingBox();
  expect(Math.min(size?.width ?? 0, size?.height ?? 0)).toBeGreaterThanOrEqual(43.5);
  expect(await violations(page)).toEqual([]);
  await heart.tap();
  await expect(chip(phone, 'red heart, 1, mine')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await chip(phone, 'red heart, 1, mine').tap();
  await expect(phone.message('a word').getByRole('list', { name: 'Reactions' })).toHaveCount(0);
});

test('without a network a reaction is shown at once, survives a reload and arrives', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('a word');
  await ann.message('a word').waitFor();
  await ann.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => keptWords(ann.page)).toContain('a word');
  await ann.context.setOffline(true);
  await ann.message('a word').hover();
  await ann.message('a word').getByRole('button', { name: 'party popper' }).click();
  await expect(chip(ann, 'party popper, 1, mine')).toBeVisible();
  await expect(bob.message('a word').getByRole('list', { name: 'Reactions' })).toHaveCount(0);
  await ann.page.reload();
  await expect(chip(ann, 'party popper, 1, mine')).toBeVisible();
  await ann.context.setOffline(false);
  await expect(chip(bob, 'party popper, 1')).toBeVisible({ timeout: 30_000 });
});
