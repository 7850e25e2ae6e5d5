/** Files in messages: chosen, uploaded, seen, downloaded; and what breaks, other tabs and limits do to them. */
import { violations } from './axe';
import {
  bring,
  choose,
  downloaded,
  file,
  hasBegun,
  LARGE,
  LATER,
  link,
  MIB,
  pairOn,
  SLOW,
  send,
  tray,
} from './sending';
import { expect, test } from './world';

test('a file is described, sent with words, shown in the list, and downloaded', async ({ pair }) => {
  const [ann, bob] = await pair();
  const plan = file('план.bin', 300_000);
  await choose(ann.page, plan);
  await ann.page.getByLabel('Description of план.bin').fill('The plan of the house');
  await ann.say('Look at this');
  await expect(tray(ann.page)).toHaveCount(0);
  await expect(bob.message('Look at this')).toContainText('The plan of the house', LATER);
  await expect(bob.message('Look at this')).toContainText('293 kB');
  await expect(bob.page.getByRole('navigation')).toContainText('план.bin · Look at this');
  expect((await downloaded(bob.page, 'план.bin')).equals(plan.buffer)).toBe(true);
  await expect(ann.message('Look at this')).toHaveCount(1);
});

test('eleven files go out as two messages', async ({ pair }) => {
  const [ann, bob] = await pair();
  await choose(ann.page, ...Array.from({ length: 11 }, (_, n) => file(`${n}.bin`, n)));
  await expect(ann.page.getByText('They will go out as 2 messages.')).toBeVisible();
  await ann.say('all of them');
  await expect(bob.page.getByRole('link', { name: /^Download/ })).toHaveCount(11, LATER);
  await expect(bob.page.locator('article')).toHaveCount(2);
  await expect(bob.message('all of them').getByRole('link')).toHaveCount(10);
});

test('an upload goes on after the server was killed and the page was loaded anew; words flow past', async ({
  browser,
}) => {
  test.slow(); // the bytes come slowly on purpose
  await pairOn(browser, SLOW, async (server, ann, bob) => {
    const film = file('film.bin', LARGE);
    await choose(ann.page, film);
    await send(ann.page).click();
    await hasBegun(ann.page, 'film.bin');
    await ann.say('words meanwhile');
    await expect(bob.message('words meanwhile')).toHaveCount(1);
    await server.kill();
    ann.page.once('dialog', (dialog) => void dialog.accept());
    await ann.page.reload();
    await expect(ann.message('film.bin')).toHaveCount(1);
    await server.start();
    await expect(link(bob.page, 'film.bin')).toHaveCount(1, { timeout: 90_000 });
    expect((await downloaded(bob.page, 'film.bin')).equals(film.buffer)).toBe(true);
    await expect(ann.message('film.bin')).toHaveCount(1);
  });
});

test('a file that is sent without a network goes out when it returns', async ({ pair }) => {
  const [ann, bob] = await pair();
  const plan = file('plan.bin', 1000);
  await choose(ann.page, plan);
  await ann.context.setOffline(true);
  await send(ann.page).click();
  await expect(ann.message('plan.bin')).toBeVisible();
  await ann.context.setOffline(false);
  await expect(link(bob.page, 'plan.bin')).toHaveCount(1, LATER);
  expect((await downloaded(bob.page, 'plan.bin')).equals(plan.buffer)).toBe(true);
});

test('a file of a second tab goes out after that tab was closed', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  const second = await ann.context.newPage();
  await second.goto(ann.page.url());
  await expect(second.getByRole('textbox', { name: 'Message' })).toBeVisible();
  const plan = file('plan.bin', 1000);
  await choose(second, plan);
  await server.kill();
  await send(second).click();
  await expect(ann.message('plan.bin')).toHaveCount(1);
  await second.close();
  await server.start();
  await expect(link(bob.page, 'plan.bin')).toHaveCount(1, LATER);
  expect((await downloaded(bob.page, 'plan.bin')).equals(plan.buffer)).toBe(true);
});

test('what is too large is not sent, and a full storage says what is free', async ({ browser }) => {
  const limits = { FILE_MAX: '1MiB', FILES_QUOTA: '1536KiB' };
  await pairOn(browser, limits, async (_, ann, bob) => {
    await choose(ann.page, file('large.bin', 1.5 * MIB), file('small.bin', 900 * 1024));
    await expect(tray(ann.page).getByRole('alert')).toHaveText('1.5 MB, 1 MB at most');
    await expect(send(ann.page)).toBeDisabled();
    await ann.page.getByRole('button', { name: 'Remove large.bin' }).click();
    await send(ann.page).click();
    await expect(link(bob.page, 'small.bin')).toHaveCount(1, LATER);
    await choose(ann.page, file('more.bin', MIB));
    await send(ann.page).click();
    const refusal = ann.message('more.bin').getByRole('alert');
    await expect(refusal).toHaveText('1 MB, but only 636 kB of your storage are free', LATER);
    await ann.message('more.bin').getByRole('button', { name: 'Delete' }).click();
    await expect(ann.message('more.bin')).toHaveCount(0);
    await ann.page.goto('/settings/storage');
    await expect(ann.page.getByText('Your files on the server: 900 kB of 1.5 MB')).toBeVisible();
  });
});

test('a file is dropped on the conversation or pasted, and not dropped on the list', async ({ pair }) => {
  const [ann] = await pair();
  await bring(ann.page, 'nav', 'drop', 'beside.txt');
  await bring(ann.page, 'main', 'drop', 'dropped.txt');
  await bring(ann.page, 'main form textarea', 'paste', 'pasted.txt');
  await expect(tray(ann.page).getByRole('listitem')).toHaveCount(2);
  await expect(tray(ann.page)).toContainText('dropped.txt');
  await expect(tray(ann.page)).toContainText('pasted.txt');
});

test('files are put in order, left out and sent by keys alone', async ({ pair }) => {
  const [ann, bob] = await pair();
  await choose(ann.page, file('one.bin'), file('two.bin'), file('three.bin'));
  const { keyboard } = ann.page;
  await ann.page.getByRole('button', { name: 'Move three.bin up' }).focus();
  await keyboard.press('Enter');
  await keyboard.press('Enter');
  await expect(tray(ann.page).getByRole('listitem').first()).toContainText('three.bin');
  await ann.page.getByRole('button', { name: 'Remove one.bin' }).focus();
  await keyboard.press('Enter');
  await expect(ann.page.getByRole('button', { name: 'Remove two.bin' })).toBeFocused();
  await keyboard.press('Tab');
  await keyboard.type('the second');
  await keyboard.press('Enter');
  await expect(bob.page.getByRole('link', { name: /^Download/ })).toHaveCount(2, LATER);
  const names = bob.page.getByRole('link', { name: /^Download/ });
  await expect(names.first()).toContainText('three.bin');
  await expect(names.last()).toHaveAccessibleName(/two\.bin.*the second/);
});

test('a file that could run a program is saved only after a question', async ({ pair }) => {
  const [ann, bob] = await pair();
  await choose(ann.page, file('setup.exe'));
  await send(ann.page).click();
  await link(bob.page, 'setup.exe').click(LATER);
  await expect(bob.page.getByRole('alertdialog')).toContainText('“setup.exe” can run a program');
  const coming = bob.page.waitForEvent('download');
  await bob.page.getByRole('alertdialog').getByRole('button', { name: 'Save anyway' }).click();
  expect((await coming).suggestedFilename()).toBe('setup.exe');
});

test('what is taken back is in the tray again', async ({ server, pair }) => {
  const [ann] = await pair();
  await choose(ann.page, file('plan.bin'));
  await server.kill();
  await ann.say('too early');
  await ann.message('too early').hover();
  await ann.page.getByRole('button', { name: 'Cancel sending' }).click();
  await expect(tray(ann.page)).toContainText('plan.bin');
  await expect(ann.composer()).toHaveValue('too early');
  await expect(ann.message('too early')).toHaveCount(0);
});

for (const [locale, colorScheme, width] of [
  ['en-GB', 'light', 1280],
  ['ru-RU', 'dark', 360],
] as const)
  test(`axe finds nothing in a tray, a waiting file and a sent one: ${locale}`, async ({ server, someone }) => {
    const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
    const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
    const one = await someone({ locale, colorScheme, viewport: { width, height: 740 }, reducedMotion: 'reduce' });
    await one.signIn(ann.email);
    await one.page.goto(`/chat/${id}`);
    const picker = one.page.locator('main form input[type=file]').first();
    await picker.setInputFiles([file('plan.pdf', 1000, 'application/pdf')]);
    await one.say('sent');
    await expect(one.page.locator('article').getByRole('link', { name: /plan\.pdf/ })).toHaveCount(1, LATER);
    await server.kill();
    await picker.setInputFiles([file('film.mp4', 1000, 'video/mp4')]);
    await one.say('waits');
    await expect(one.message('waits')).toContainText('film.mp4');
    await picker.setInputFiles([file('a.zip'), file('b.txt')]);
    await expect(one.page.locator('main form').getByRole('listitem')).toHaveCount(2);
    expect(await violations(one.page)).toEqual([]);
  });
