/** Reading: the conversation keeps its place, and its content can be reached, quoted, copied and printed. */
import { say, scrollBy, talk } from './talk';
import { expect, type Someone, test } from './world';

const topOf = async (one: Someone, text: string) =>
  Math.round((await one.message(text).boundingBox())?.y ?? Number.NaN);

test('returning to a chat returns to its scroll position, and arriving messages do not move it', async ({
  server,
  someone,
}) => {
  const { ann, bob, chat } = await talk(server, 90);
  await server.call('POST', '/chats', { kind: 'saved' }, ann.token);
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Bob');
  await expect(one.message('message 90.')).toBeInViewport();
  await expect(one.page.getByRole('img', { name: 'unread' })).toHaveCount(0);
  await scrollBy(one, -2600);
  await expect(one.page.getByRole('button', { name: 'Go to the newest messages' })).toBeVisible();
  const text = await one.page.locator('article').evaluateAll((all) => {
    const seen = all.find((each) => each.getBoundingClientRect().top > 150);
    return (seen?.textContent ?? '').match(/message \d+\./)?.[0] ?? '';
  });
  const before = await topOf(one, text);
  await one.open('Saved messages');
  await expect(one.message(text)).toHaveCount(0);
  await say(server, bob, chat, 'came meanwhile');
  await one.open('Bob');
  await expect.poll(() => topOf(one, text)).toBe(before);
  await say(server, bob, chat, 'came while looking');
  await expect(one.page.getByRole('button', { name: 'Go to the newest messages' })).toContainText('2');
  expect(await topOf(one, text)).toBe(before);
  await one.page.getByRole('button', { name: 'Go to the newest messages' }).click();
  await expect(one.message('came while looking')).toBeInViewport();
});

test('at the end the list sticks when the keyboard takes half of the page', async ({ server, someone }) => {
  const { ann } = await talk(server, 40);
  const one = await someone({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
  await one.signIn(ann.email);
  await one.open('Bob');
  await expect(one.message('message 40.')).toBeInViewport();
  await one.page.setViewportSize({ width: 360, height: 400 });
  await expect(one.message('message 40.')).toBeInViewport();
});

test('the unread divider stays until the reader writes', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 5);
  await say(server, bob, chat, 'new one');
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Bob');
  await expect(one.page.getByText('New messages')).toBeVisible();
  await expect(one.page.getByRole('navigation').getByRole('img', { name: 'unread' })).toHaveCount(0);
  await expect(one.page.getByText('New messages')).toBeVisible();
  await one.say('answer');
  await expect(one.page.getByText('New messages')).toHaveCount(0);
});

test('an address of a message leads to it in the middle of the history, and a quote leads to it again', async ({
  server,
  someone,
}) => {
  const { ann, bob, chat } = await talk(server, 120);
  await server.call(
    'POST',
    `/chats/${chat}/messages`,
    { text: 'about that', client_msg_id: crypto.randomUUID(), reply_to: 7 },
    bob.token,
  );
  const one = await someone();
  await one.signIn(ann.email);
  await one.page.goto(`/chat/${chat}/7`);
  await expect(one.message('message 7.')).toBeFocused();
  await expect(one.message('message 7.')).toBeInViewport();
  await one.page.getByRole('button', { name: 'Go to the newest messages' }).click();
  await expect(one.message('about that')).toBeInViewport();
  await one.message('about that').getByRole('button', { name: 'message 7.' }).click();
  await expect(one.page.locator('article[data-seq="7"]')).toBeInViewport();
  await one.choose('message 8.', 'Copy link to message');
  expect(await one.page.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/chat/${chat}/8`);
  await one.say('back at the end');
  await expect(one.message('back at the end')).toBeInViewport();
  await expect(one.message('about that')).toBeInViewport();
  // After scrolling back by hand the message of the address is one like the others.
  await expect(async () => {
    await scrollBy(one, -100_000);
    await expect(one.page.locator('article[data-seq="1"]')).toBeInViewport({ timeout: 500 });
  }).toPass();
  await expect(one.composer()).toBeFocused();
});

test('a day is chosen in its header', async ({ server, someone }) => {
  const { ann } = await talk(server, 80);
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Bob');
  await one.page.getByRole('heading', { level: 2 }).getByRole('button', { name: 'Today' }).first().waitFor();
  await one.page.getByLabel('Go to a date').fill(new Date().toISOString().slice(0, 10));
  await expect(one.message('message 1.').first()).toBeInViewport();
});

test('selected words are quoted by R, several messages are copied with name and time', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('first thought');
  await bob.say('second thought');
  await expect(ann.message('second thought')).toHaveCount(1);
  await ann.page.evaluate(() => {
    const all = [...document.querySelectorAll('article [dir=auto]')];
    getSelection()?.setBaseAndExtent(all[0]?.firstChild as Node, 0, all[1]?.firstChild as Node, 6);
    (document.activeElement as HTMLElement).blur();
  });
  await ann.page.keyboard.press('Control+c');
  const lines = (await ann.page.evaluate(() => navigator.clipboard.readText())).split('\n');
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^Bob, \d\d:\d\d: first thought$/);
  await ann.page.evaluate(() => {
    const words = document.querySelector('article [dir=auto]')?.firstChild as Node;
    getSelection()?.setBaseAndExtent(words, 0, words, 5);
  });
  await ann.page.keyboard.press('r');
  await expect(ann.composer()).toHaveValue('> first\n');
  await expect(ann.page.getByText('Reply to Bob')).toBeVisible();
});

test('a long address is shown cut and copied whole, with HTML beside the text', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  const address = `https://example.org/${'a-long-way/'.repeat(12)}end`;
  await bob.say(address);
  await bob.say('**see** there');
  const link = page.locator(`a[href="${address}"]`);
  const width = await link.evaluate((one) => one.getBoundingClientRect().width);
  expect(width).toBeLessThan(700);
  const clip = (type: string): Promise<string> =>
    page.evaluate(async (meant) => {
      const [item] = await navigator.clipboard.read();
      return (await item?.getType(meant))?.text() ?? '';
    }, type);
  await link.evaluate((one) => getSelection()?.selectAllChildren(one));
  await page.keyboard.press('Control+c');
  expect(await clip('text/plain')).toBe(address);
  await page.evaluate(() => getSelection()?.removeAllRanges());
  await ann.message('there').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy', exact: true }).click();
  await expect(page.getByText('Copied')).toBeVisible();
  expect(await clip('text/plain')).toBe('**see** there');
  expect(await clip('text/html')).toContain('<strong>see</strong> there');
});

test('a printout shows only the conversation', async ({ pair }) => {
  const [ann] = await pair();
  for (let n = 0; n < 30; n += 1) await ann.say(`line ${n}`);
  await expect(ann.message('line 29')).toHaveCount(1);
  await ann.page.emulateMedia({ media: 'print' });
  await expect(ann.page.getByRole('navigation')).toBeHidden();
  await expect(ann.composer()).toBeHidden();
  await expect(ann.message('line 0')).toBeVisible();
  const height = await ann.page.evaluate(() => document.documentElement.scrollHeight);
  expect(height).toBeGreaterThan(900);
});

test('a device whose clock is a day behind shows today as today', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.page.clock.setFixedTime(Date.now() - 86_400_000);
  await ann.page.reload();
  await bob.say('said now');
  await expect(ann.message('said now')).toBeVisible();
  await expect(ann.page.getByRole('button', { name: 'Today', exact: true })).toBeVisible();
  const complaints: string[] = [];
  ann.page.on('pageerror', (error) => complaints.push(error.message));
  // A year of six digits, as the field of a browser takes it.
  await ann.page.locator('input[type=date]').evaluate((field) => {
    Object.defineProperty(field, 'value', { value: '202611-11-27' });
    field.dispatchEvent(new Event('change', { bubbles: true }));
  });
  await expect(ann.message('said now')).toBeVisible();
  expect(complaints).toEqual([]);
});
