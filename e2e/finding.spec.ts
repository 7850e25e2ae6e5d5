/** People find chats, people and commands by name, with the keyboard alone. */
import { expect, type Server, type Someone, test } from './world';

/** Returns a signed-in person who has direct chats with people of these names, the last one active last. */
async function withChats(server: Server, someone: () => Promise<Someone>, names: string[]) {
  const ann = await server.person('Ann');
  const others = [];
  for (const name of names) {
    const other = await server.person(name);
    const { id } = await server.call<{ id: number }>(
      'POST',
      '/chats',
      { kind: 'direct', user_id: other.id },
      ann.token,
    );
    await server.call(
      'POST',
      `/chats/${id}/messages`,
      { text: `from ${name}`, client_msg_id: crypto.randomUUID() },
      other.token,
    );
    others.push({ ...other, chat: id });
  }
  const one = await someone();
  await one.signIn(ann.email);
  return { one, others };
}

const header = (one: Someone, name: string) => one.page.getByRole('main').getByRole('heading', { level: 1, name });

test('the switcher finds by the wrong layout and by transliteration', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Анна', 'hello', 'Борис']);
  for (const [typed, name] of [
    ['руддщ', 'hello'],
    ['anna', 'Анна'],
    ['<jhbc', 'Борис'],
  ] as const) {
    await one.page.keyboard.press('Control+k');
    await expect(one.page.getByRole('combobox')).toBeFocused();
    await one.page.keyboard.insertText(typed);
    await expect(one.page.getByRole('option').first()).toContainText(name);
    await one.page.keyboard.press('Enter');
    await expect(header(one, name)).toBeVisible();
    await expect(one.page.getByRole('dialog')).toHaveCount(0);
  }
});

test('the switcher opens within one frame and leads back to the chat before', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob', 'Cid', 'Dan']);
  await one.open('Bob');
  await one.open('Cid');
  // The page loads it before it is needed, which takes as long as the network does.
  await one.page.waitForFunction(() =>
    performance.getEntriesByType('resource').some((one) => /\/Finder-.*js$/.test(one.name)),
  );
  await one.page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve)));
  const isOpen = await one.page.evaluate(async () => {
    dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyK', key: 'л', ctrlKey: true, bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return document.querySelector('dialog[open] input') === document.activeElement;
  });
  expect(isOpen).toBe(true);
  await one.page.keyboard.press('Enter');
  await expect(header(one, 'Bob')).toBeVisible();
});

test('words and Enter that are typed while the switcher loads are not lost', async ({ server, someone }) => {
  let load = (): void => {};
  const loading = new Promise<void>((resolve) => {
    load = resolve;
  });
  const slow = async (): Promise<Someone> => {
    const one = await someone();
    await one.context.route(/\/Finder-.*\.js$/, async (route) => {
      await loading;
      await route.continue();
    });
    return one;
  };
  const { one } = await withChats(server, slow, ['Bob', 'Cid']);
  await expect(one.page.getByRole('navigation').getByRole('link', { name: 'Cid' })).toBeVisible();
  await one.page.keyboard.press('Control+k');
  await one.page.keyboard.type('bo');
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByRole('dialog', { name: 'Loading' })).toBeVisible();
  load();
  await expect(header(one, 'Bob')).toBeVisible();
});

test('the switcher finds people without a chat, and says when there is no match', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob']);
  await server.person('Марина');
  await one.page.keyboard.press('Control+k');
  await one.page.keyboard.insertText('zzzz');
  await expect(one.page.getByRole('dialog').getByText('Nothing found')).toBeVisible();
  await one.page.getByRole('combobox').fill('Мар');
  await one.page.getByRole('option', { name: 'Марина' }).click();
  await expect(header(one, 'Марина')).toBeVisible();
});

test('the palette runs a command, and the focus returns', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob']);
  await one.open('Bob');
  await expect(one.composer()).toBeFocused();
  await one.page.keyboard.press('Control+Shift+KeyP');
  await one.page.keyboard.press('Escape');
  await expect(one.composer()).toBeFocused();
  await one.page.keyboard.type('go on');
  await expect(one.composer()).toHaveValue('go on');
  await one.page.keyboard.press('Control+Shift+KeyP');
  await one.page.keyboard.insertText('dark');
  await one.page.keyboard.press('Enter');
  await expect(one.page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await one.page.keyboard.press('Control+Shift+KeyP');
  await one.page.keyboard.insertText('new gr');
  await one.page.keyboard.press('Enter');
  await expect(one.page.getByLabel('Group name')).toBeFocused();
  await one.page.keyboard.press('Escape');
  await expect(one.composer()).toBeFocused();
});

test('Alt and arrows go from chat to chat, with Shift to the unread ones; Shift and Escape mark all read', async ({
  server,
  someone,
}) => {
  const { one, others } = await withChats(server, someone, ['Bob', 'Cid', 'Dan']);
  await expect(one.page).toHaveTitle(/^\(3\)/);
  await expect(one.page.locator('link[rel=icon]')).toHaveAttribute('href', /%3E3%3C/);
  await one.page.keyboard.press('Alt+ArrowDown');
  await expect(header(one, 'Dan')).toBeVisible();
  await expect(one.page).toHaveTitle(/^\(2\)/);
  await one.page.keyboard.press('Alt+Shift+ArrowUp');
  await expect(header(one, 'Bob')).toBeVisible();
  await expect(one.page).toHaveTitle(/^\(1\)/);
  await one.page.keyboard.press('Alt+ArrowUp');
  await expect(header(one, 'Cid')).toBeVisible();
  await expect(one.page).not.toHaveTitle(/^\(/);
  await one.page.keyboard.press('Escape');
  const [dan] = others.slice(-1);
  await server.call(
    'POST',
    `/chats/${dan?.chat}/messages`,
    { text: 'unread', client_msg_id: crypto.randomUUID() },
    dan?.token,
  );
  await expect(one.page).toHaveTitle(/^\(1\)/);
  await one.page.keyboard.press('Shift+Escape');
  await expect(one.page).not.toHaveTitle(/^\(/);
  await expect(one.page.locator('link[rel=icon]')).toHaveAttribute('href', '/icon.svg');
});

test('a question mark opens the keyboard shortcuts', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob']);
  await one.page.keyboard.press('Shift+Slash');
  await expect(one.page.getByRole('heading', { name: 'Keyboard shortcuts' })).toBeInViewport();
});

test('keys on a message: reply, edit, copy, delete, on any layout', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('from Bob');
  await expect(ann.message('from Bob')).toHaveCount(1);
  await ann.say('from Ann');
  await expect(ann.page.locator('article[data-seq]')).toHaveCount(2);
  const press = (code: string, key: string) =>
    ann.page.evaluate(
      ([code, key]) =>
        document.activeElement?.dispatchEvent(
          new KeyboardEvent('keydown', { code, key, bubbles: true, cancelable: true }),
        ),
      [code, key] as const,
    );
  await ann.page.getByRole('region').focus();
  await ann.page.keyboard.press('ArrowUp');
  await press('KeyK', 'л');
  await expect(ann.message('from Bob')).toBeFocused();
  await press('KeyJ', 'о');
  await expect(ann.message('from Ann')).toBeFocused();
  await press('KeyC', 'с');
  await expect(ann.page.getByText('Copied')).toBeVisible();
  expect(await ann.page.evaluate(() => navigator.clipboard.readText())).toBe('from Ann');
  await press('KeyE', 'у');
  await expect(ann.composer()).toHaveValue('from Ann');
  await ann.composer().press('Escape');
  await ann.message('from Ann').focus();
  await press('Home', 'Home');
  await expect(ann.message('from Bob')).toBeFocused();
  await press('KeyR', 'к');
  await expect(ann.page.getByText('Reply to Bob')).toBeVisible();
  await expect(ann.composer()).toBeFocused();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByText('Reply to Bob')).toHaveCount(0);
  await ann.message('from Ann').focus();
  await press('Delete', 'Delete');
  await expect(ann.message('Message deleted')).toBeVisible();
});

test('a field or dialog opened from the menu gets the focus and returns it to the message', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('from Bob');
  await ann.choose('from Bob', 'Reply');
  await expect(ann.page.getByRole('menu')).toHaveCount(0);
  await ann.page.keyboard.type('from Ann');
  await expect(ann.composer()).toHaveValue('from Ann');
  await ann.page.keyboard.press('Enter');
  await ann.choose('from Ann', 'Edit');
  await expect(ann.page.getByRole('menu')).toHaveCount(0);
  await ann.page.keyboard.type(' again');
  await expect(ann.composer()).toHaveValue('from Ann again');
  await ann.page.keyboard.press('Enter');
  await ann.choose('from Ann again', 'Who has read it');
  await ann.page.getByRole('dialog').waitFor();
  await ann.page.keyboard.press('Escape');
  await expect(ann.message('from Ann again')).toBeFocused();
});

test('a chat opened from a dialog focuses its composer', async ({ server, pair }) => {
  const [{ page }] = await pair();
  await server.person('Carl');
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.keyboard.type('Ca');
  await expect(page.getByRole('searchbox', { name: 'Search people' })).toHaveValue('Ca');
  await page.getByRole('dialog').getByRole('button', { name: 'Carl' }).click();
  await page.getByRole('heading', { level: 1, name: 'Carl' }).waitFor();
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
  const row = page.getByRole('navigation').getByRole('link', { name: 'Carl' });
  await row.focus();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await expect(row).toBeFocused();
  await page.keyboard.press('Control+k');
  await page.keyboard.type('Bob');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Message' })).toBeFocused();
});

test('Escape steps back through menu, reply and chat, and focuses the row of the chat', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('hello');
  await ann.choose('hello', 'Reply');
  await ann.message('hello').click({ button: 'right' });
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByRole('menu')).toHaveCount(0);
  await expect(ann.page.getByText('Reply to Bob')).toBeVisible();
  await ann.page.getByRole('region').focus();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByText('Reply to Bob')).toHaveCount(0);
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByText('Choose a chat')).toBeVisible();
  await expect(ann.page.getByRole('navigation').getByRole('link', { name: 'Bob' })).toBeFocused();
  await ann.page.keyboard.press('Enter');
  await expect(header(ann, 'Bob')).toBeVisible();
});
