/** What is around a conversation: the list, the line about the connection, profiles, the switcher, the theme. */
import { violations } from './axe';
import { group, readAll, say } from './talk';
import { expect, test } from './world';

test('the list shows whether my last message was read, and the time on the line of the name', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await server.call('POST', '/chats', { kind: 'saved' }, ann.token);
  const { seq } = await say(server, ann, id, 'from me');
  const one = await someone();
  await one.signIn(ann.email);
  const row = one.page.getByRole('navigation').getByRole('link', { name: 'Bob' });
  await expect(row.getByRole('img', { name: 'sent' })).toBeVisible();
  await server.call('PUT', `/chats/${id}/read`, { seq }, bob.token);
  await expect(row.getByRole('img', { name: 'read', exact: true })).toBeVisible();
  await say(server, bob, id, 'from Bob');
  await expect(row).toContainText('from Bob');
  await expect(row.getByRole('img', { name: /^(sent|read)$/ })).toHaveCount(0);
  const baselines = await row.evaluate((element) =>
    [element.querySelector('bdi'), element.querySelector('time')].map((place) => {
      const probe = document.createElement('span');
      probe.style.display = 'inline-block';
      place?.append(probe);
      const { bottom } = probe.getBoundingClientRect();
      probe.remove();
      return bottom;
    }),
  );
  expect(Math.abs((baselines[0] ?? 0) - (baselines[1] ?? 9))).toBeLessThanOrEqual(1);
});

test('the line about the connection is over the page, says since when, and tries again at once', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  for (let n = 1; n <= 40; n += 1) await say(server, bob, id, `line ${n}.`);
  await readAll(server, ann, id);
  const one = await someone();
  const { page } = one;
  await one.context.addInitScript(() => {
    Object.assign(globalThis, { tries: 0 });
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string | URL, protocol?: string | string[]) {
        super(url, protocol);
        Object.assign(globalThis, { tries: (globalThis as unknown as { tries: number }).tries + 1 });
      }
    };
  });
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('line 40.')).toBeInViewport();
  await expect(page.getByText('Connecting…')).toHaveCount(0);
  const list = page.getByRole('region');
  const before = await list.boundingBox();
  await server.kill();
  await expect(page.getByText(/^No connection since \d\d:\d\d. Connecting…$/)).toBeVisible({ timeout: 20_000 });
  expect(await list.boundingBox()).toEqual(before);
  // Between two tries of the page, the button makes one of its own.
  await expect(async () => {
    const made = await page.getByRole('button', { name: 'Try now' }).evaluate((button) => {
      const now = () => (globalThis as unknown as { tries: number }).tries;
      const before = now();
      (button as HTMLElement).click();
      return now() - before;
    });
    expect(made).toBe(1);
  }).toPass();
  await server.start();
  await expect(page.getByText('Connecting…')).toHaveCount(0, { timeout: 30_000 });
  expect(await list.boundingBox()).toEqual(before);
});

test('the theme and the colour of the browser’s bars follow the choice in all tabs', async ({ pair }) => {
  const [ann] = await pair();
  const other = await ann.context.newPage();
  await other.goto('/');
  await ann.page.goto('/settings/appearance');
  await ann.page.getByText('Dark', { exact: true }).click();
  for (const page of [ann.page, other]) {
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(page.locator('meta[name=theme-color]')).toHaveAttribute('content', '#14161a');
  }
  await ann.page.getByText('High contrast', { exact: true }).click();
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'contrast');
  await expect(other.locator('meta[name=theme-color]')).toHaveAttribute('content', '#000000');
});

test('a name, a picture and the menu lead to the person, and from there to the chat with them', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, 'of Bob');
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await one.open('Den');
  const dialog = page.getByRole('dialog', { name: 'Profile' });
  const ways = [
    () => one.message('of Bob').getByRole('button', { name: 'Bob' }).click(),
    () => page.locator('[class*=face] > button').click(),
    () => one.choose('of Bob', 'Profile'),
  ];
  for (const go of ways) {
    await go();
    await expect(dialog).toContainText(/Bob.*here since/);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  await one.choose('of Bob', 'Profile');
  await dialog.getByRole('button', { name: 'Den' }).click();
  await expect(dialog).toHaveCount(0);
  await one.choose('of Bob', 'Profile');
  await dialog.getByRole('button', { name: 'Write a message' }).click();
  await expect(page.getByRole('main').getByRole('heading', { name: 'Bob' })).toBeVisible();
  await page.getByRole('button', { name: 'Bob, Chat info' }).click();
  await one.panel().getByRole('button', { name: 'Bob' }).click();
  await expect(dialog.getByRole('button', { name: 'Den' })).toBeVisible();
});

test('people to write to, members and profiles show who is online, without a chat with them', async ({
  server,
  someone,
}) => {
  const { ann, bob } = await group(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await page.getByRole('button', { name: 'New chat' }).click();
  const dialog = page.getByRole('dialog');
  const row = dialog.getByRole('button', { name: /^Bob/ });
  await expect(row).toBeVisible();
  await expect(row).not.toContainText('online');
  const other = await someone();
  await other.signIn(bob.email);
  await expect(row).toContainText('online');
  const [list, width] = [await dialog.getByRole('list').boundingBox(), (await row.boundingBox())?.width];
  expect(width).toBe(list?.width);
  await page.keyboard.press('Escape');
  await one.open('Den');
  await page.getByRole('button', { name: 'Members', exact: true }).click();
  await expect(one.panel().locator('[class*=online]')).toHaveCount(2);
  await one.panel().getByRole('button', { name: /^Bob/ }).click();
  await expect(dialog).toContainText('online');
  await other.context.close();
  await expect(dialog).not.toContainText('online', { timeout: 30_000 });
});

test('a mention and the list of readers lead to the person; a mention stays a word of its sentence', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  const text = 'ask @Bob, please';
  await say(server, ann, id, text, { mentions: [bob.id] });
  await readAll(server, bob, id);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await one.open('Den');
  const dialog = page.getByRole('dialog', { name: 'Profile' });
  const mention = one.message('ask').getByRole('button', { name: '@Bob' });
  await mention.click();
  await expect(dialog).toContainText(/Bob.*here since/);
  await page.keyboard.press('Escape');
  await expect(mention).toBeFocused();
  await one.choose('ask', 'Who has read it');
  await page.getByRole('dialog', { name: 'Read by' }).getByRole('button', { name: 'Bob' }).click();
  await expect(dialog).toContainText(/Bob.*here since/);
  await page.keyboard.press('Escape');
  // Selected with the words around it.
  const box = await one.message('ask').locator('[class*=text]').boundingBox();
  if (!box) throw new Error('no message');
  await page.mouse.move(box.x + 1, box.y + 8);
  await page.mouse.down();
  await page.mouse.move(box.x + 300, box.y + 8, { steps: 8 });
  await page.mouse.up();
  expect(await page.evaluate(() => getSelection()?.toString())).toContain(text);
});

test('the switcher shows the last message of a chat and its time', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  const { seq } = await say(server, bob, id, 'see you on Saturday');
  await server.call('PUT', `/chats/${id}/read`, { seq }, ann.token);
  const one = await someone();
  await one.signIn(ann.email);
  await expect(one.page.getByRole('navigation')).toContainText('Saturday');
  await one.page.keyboard.press('Control+k');
  const option = one.page.getByRole('option').filter({ hasText: 'Den' });
  await expect(option).toContainText('see you on Saturday');
  await expect(option).toContainText(/\d\d:\d\d/);
  expect(await violations(one.page)).toEqual([]);
});

test('one place at a time says what to do', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  await expect(one.page.getByText('No chats yet')).toBeVisible();
  await expect(one.page.getByText('Choose a chat')).toHaveCount(0);
  await server.call('POST', '/chats', { kind: 'saved' }, ann.token);
  await expect(one.page.getByText('Choose a chat')).toBeVisible();
  await expect(one.page.getByText('No chats yet')).toHaveCount(0);
});
