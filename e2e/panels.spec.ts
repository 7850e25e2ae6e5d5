/** Panels beside a conversation, dialogs that are loaded when they are opened, and messages that are selected. */
import { violations } from './axe';
import { expect, type Server, test } from './world';

async function den(server: Server): Promise<{ email: string; id: number }> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const body = { kind: 'group', name: 'Den', member_ids: [bob.id] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  for (const text of ['one', 'two', 'three', 'four'])
    await server.call('POST', `/chats/${id}/messages`, { text, client_msg_id: crypto.randomUUID() }, ann.token);
  await server.call('POST', `/chats/${id}/messages`, { text: 'of Bob', client_msg_id: crypto.randomUUID() }, bob.token);
  return { email: ann.email, id };
}

test('a panel has an address, is drawn beside the conversation, and gives the focus back', async ({
  server,
  someone,
}) => {
  const { email, id } = await den(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(email);
  await one.open('Den');
  await expect(one.message('four')).toBeVisible();
  const button = page.getByRole('button', { name: 'Members', exact: true });
  await button.click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/info$`));
  const panel = page.getByRole('complementary', { name: 'Members' });
  await expect(panel.getByRole('heading', { name: 'Members' }).first()).toBeFocused();
  await expect(panel.getByRole('listitem').filter({ hasText: 'Bob' })).toBeVisible();
  await expect(one.message('four')).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  await expect(button).toBeFocused();
  // One way back from there leads on to what was before, not into the panel again.
  await page.keyboard.press('Alt+KeyI');
  await expect(panel).toBeVisible();
  await page.goBack();
  await expect(panel).toHaveCount(0);
  await page.goto(`/chat/${id}/info`);
  await expect(panel.getByRole('listitem').filter({ hasText: 'Bob' })).toBeVisible();
  await page.getByRole('button', { name: 'Close' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
});

for (const width of [390, 900]) {
  test(`a panel takes the place of the conversation at ${width} px, and Back closes it`, async ({
    server,
    someone,
  }) => {
    const { email, id } = await den(server);
    const one = await someone({ viewport: { width, height: 760 } });
    const { page } = one;
    await one.signIn(email);
    await one.open('Den');
    await expect(one.message('four')).toBeVisible();
    await page.getByRole('button', { name: 'Members', exact: true }).click();
    await expect(page.getByRole('main', { name: 'Members' }).getByRole('listitem').first()).toBeVisible();
    await expect(one.message('four')).toBeHidden();
    expect(await violations(page)).toEqual([]);
    await page.goBack();
    await expect(one.message('four')).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  });
}

test('a dialog that cannot be loaded says so, is tried again, and gives the focus back', async ({ pair }) => {
  const [ann] = await pair();
  await ann.say('seen by Bob');
  const bubble = ann.message('seen by Bob').and(ann.page.locator('[data-seq]'));
  await expect(bubble).toBeVisible();
  await ann.page.route('**/assets/MessageDetails-*.js', (route) => route.abort());
  await ann.choose('seen by Bob', 'Who has read');
  const dialog = ann.page.getByRole('dialog');
  await expect(dialog.getByRole('alert')).toBeVisible();
  await ann.page.unroute('**/assets/MessageDetails-*.js');
  await dialog.getByRole('button', { name: 'Try again' }).click();
  await expect(dialog.getByRole('heading', { name: 'Read by' })).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(bubble).toBeFocused();
});

test('messages are selected by keys, copied, deleted and brought back together', async ({ server, someone }) => {
  const { email } = await den(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(email);
  await one.open('Den');
  await expect(one.message('of Bob')).toBeVisible();
  const bar = page.getByRole('group', { name: 'Selection' });
  await page.getByRole('region').focus();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Shift+ArrowUp');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(page.getByRole('status').filter({ hasText: '3 selected' })).toBeAttached();
  await expect(page.getByRole('article', { name: 'Selected. You: two' })).toBeVisible();
  await expect(bar.getByRole('button')).toHaveText(['', '', '']);
  expect(await violations(page)).toEqual([]);
  await bar.getByRole('button', { name: 'Copy' }).click();
  await expect(bar).toHaveCount(0);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toMatch(
    /^Ann, .*: two\nAnn, .*: three\nAnn, .*: four$/,
  );
  // The key that selects one takes it out again; Escape leaves, and the chat stays open.
  await one.message('three').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('Shift+ArrowDown');
  await expect(bar).toContainText('2 selected');
  await page.keyboard.press('Space');
  await expect(bar).toContainText('1 selected');
  await page.keyboard.press('Escape');
  await expect(bar).toHaveCount(0);
  await expect(one.message('three')).toBeVisible();
  // What not all of them allow is not offered.
  await one.message('four').click({ modifiers: ['Shift'] });
  await one.message('of Bob').click();
  await expect(bar).toContainText('2 selected');
  await expect(bar.getByRole('button', { name: 'Copy' })).toBeVisible();
  await one.message('of Bob').click();
  await one.message('two').click();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await expect(one.message('four')).toHaveCount(0);
  await expect(page.getByText('Deleted: 2 messages')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(one.message('four')).toBeVisible();
  await expect(one.message('two')).toBeVisible();
});

test('on a phone messages are selected from the menu of one, then by taps', async ({ server, someone }) => {
  const { email } = await den(server);
  const one = await someone({ viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });
  const { page } = one;
  await one.signIn(email);
  await one.open('Den');
  await one.choose('two', 'Select');
  await one.message('three').tap();
  const bar = page.getByRole('group', { name: 'Selection' });
  await expect(bar).toContainText('2 selected');
  await one.message('two').tap();
  await expect(bar).toContainText('1 selected');
  await bar.getByRole('button', { name: 'Cancel the selection' }).tap();
  await expect(bar).toHaveCount(0);
});
