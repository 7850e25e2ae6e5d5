/** The first minute: a helpful card, an invite that names its origin, a list that says what to do. */
import { expect, test } from './world';

test('the card says how strong a password is, and focuses the invalid field', async ({ server, someone }) => {
  const ann = await someone();
  const { page } = ann;
  await page.goto(server.entrance);
  await page.getByLabel('Password', { exact: true }).fill('short');
  await expect(page.getByText('5 more characters needed')).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('1234567890');
  await expect(page.getByText('Easy to guess. Add a word or two.')).toBeVisible();
  await page.getByLabel('Your name').fill('Ann');
  await page.getByLabel('E-mail').fill('ann@example.org');
  await page.locator('button[type=submit]').click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Password', { exact: true })).toBeFocused();
  await page.getByLabel('Password', { exact: true }).fill('correct horse battery');
  await expect(page.getByText('Very strong')).toBeVisible();
  await page.locator('button[type=submit]').click();
  await expect(page.getByText('No chats yet')).toBeVisible();
});

test('fields have the names that password managers know', async ({ server, someone }) => {
  const first = await someone();
  await first.page.goto(server.entrance);
  await first.page.locator('form').waitFor();
  const names = await first.page
    .locator('form input')
    .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).autocomplete));
  expect(names).toEqual(['', 'name', 'username', 'new-password']);
  await server.person('Ann');
  await first.page.reload();
  await expect(first.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  const known = await first.page
    .locator('form input')
    .evaluateAll((all) => all.map((one) => (one as HTMLInputElement).autocomplete));
  expect(known).toEqual(['username', 'current-password']);
});

test('an invite into a group names its maker and opens the group', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const group = await server.call<{ id: number }>(
    'POST',
    '/chats',
    { kind: 'group', name: 'Den', member_ids: [] },
    ann.token,
  );
  const invite = await server.call<{ url: string }>('POST', `/chats/${group.id}/invites`, {}, ann.token);
  const bob = await someone();
  await bob.page.goto(invite.url);
  await expect(bob.page.getByText('Ann invites you to “Den”')).toBeVisible();
  await bob.register('Bob');
  await expect(bob.page.getByRole('main').getByRole('heading', { name: 'Den' })).toBeVisible();
});

test('a link is made on request, and stays good beside a new one for one use', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  await one.page.getByRole('button', { name: 'Invite someone' }).click();
  const fields = one.page.getByRole('textbox', { name: 'Invite link' });
  const dialog = one.page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Create link' })).toBeVisible();
  await expect(fields).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const before = await fields.inputValue();
  await expect(dialog).toContainText('Only this computer can open this link.');
  await expect(dialog).toContainText('PUBLIC_URL');
  await dialog.getByText('Options', { exact: true }).click();
  await one.page.getByText('Once', { exact: true }).click();
  await expect(fields).toHaveValue(before);
  await dialog.getByRole('button', { name: 'Create another link' }).click();
  await expect(fields).toHaveCount(2);
  await expect(dialog).toContainText('It works once.');
  const link = await fields.first().inputValue();
  expect(link).not.toBe(before);
  await expect(fields.last()).toHaveValue(before);
  const [bob, cid] = [await someone(), await someone()];
  await bob.page.goto(link);
  await bob.register('Bob');
  await cid.page.goto(link);
  await expect(cid.page.getByText('This invite no longer works.')).toBeVisible();
  await cid.page.goto(before);
  await cid.register('Cid');
});

test('a new link is shared with one press; its options are behind one word', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  const { page } = one;
  // The browser of these tests has no programs to share with.
  await page.addInitScript(() => {
    const shared: ShareData[] = [];
    Object.assign(navigator, { shared, share: async (data: ShareData) => void shared.push(data) });
  });
  await one.signIn(ann.email);
  await page.getByRole('button', { name: 'Invite someone' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Share' })).toHaveCount(0);
  await dialog.getByRole('button', { name: 'Create link' }).click();
  await dialog.getByRole('button', { name: 'Share' }).click();
  const link = await dialog.getByRole('textbox', { name: 'Invite link' }).inputValue();
  expect(await page.evaluate(() => (navigator as unknown as { shared: ShareData[] }).shared)).toEqual([{ url: link }]);
  await expect(dialog.getByRole('group', { name: 'Valid for' })).toBeHidden();
  await dialog.getByText('Options', { exact: true }).click();
  await expect(dialog.getByRole('group', { name: 'Valid for' })).toBeVisible();
  await expect(dialog.getByRole('group', { name: 'Can be used' })).toBeVisible();
});

test('an unreachable server is reported, and the page recovers by itself', async ({ server, someone }) => {
  const ann = await someone();
  await ann.page.goto(server.entrance);
  await ann.register('Ann', 'Family');
  await ann.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await ann.page.evaluate(() => indexedDB.deleteDatabase('web-messenger'));
  await ann.context.clearCookies();
  await server.stop();
  await ann.page.reload();
  await expect(ann.page.getByText('Connecting…')).toBeVisible();
  await server.start();
  await expect(ann.page.getByRole('heading', { name: /Sign in|Family/ })).toBeVisible({ timeout: 30_000 });
});
