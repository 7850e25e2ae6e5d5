/** Several tabs of one person in one browser: one of them leads, all show the same. */
import { EventEmitter, once } from 'node:events';
import type { Page } from '@playwright/test';
import { expect, type Someone, test } from './world';

const bubble = (page: Page, text: string) => page.locator('article').filter({ hasText: text });

/** Opens another tab of the same browser at the same chat. */
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

test('a message of one tab appears once in both, over one socket', async ({ pair }) => {
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
    for (const page of [ann.page, second])
      await expect(bubble(page, text).getByRole('img', { name: /sent|read/i })).toHaveCount(1);
  }
});

// A page without a window cannot be frozen by the browser; the test announces the freezing itself.
test('a leading tab that is about to be frozen hands over, and follows when it wakes', async ({ pair }) => {
  const [ann, bob] = await pair();
  const second = await secondTab(ann);
  const announce = (name: string) => ann.page.evaluate((type) => void document.dispatchEvent(new Event(type)), name);
  const taken = second.waitForEvent('websocket', { timeout: 1000 });
  await announce('freeze');
  await taken;
  await bob.say('while it slept');
  await expect(bubble(second, 'while it slept')).toHaveCount(1);
  await expect(ann.message('while it slept')).toHaveCount(0);
  let sockets = 0;
  ann.page.on('websocket', () => (sockets += 1));
  await announce('resume');
  await expect(ann.message('while it slept')).toHaveCount(1);
  await ann.say('awake again');
  await expect(bob.message('awake again')).toHaveCount(1);
  await expect(bubble(second, 'awake again')).toHaveCount(1);
  expect(sockets).toBe(0);
});

test('a frozen leading tab is replaced by the tab in use', async ({ pair }) => {
  const [ann, bob] = await pair();
  const second = await secondTab(ann);
  await say(second, 'before it hung');
  await expect(bob.message('before it hung')).toHaveCount(1);
  const hung = ann.page.evaluate(() => {
    for (const end = Date.now() + 8000; Date.now() < end; );
  });
  const taken = second.waitForEvent('websocket', { timeout: 3000 });
  await say(second, 'written past it');
  await taken;
  await expect(bob.message('written past it')).toHaveCount(1, { timeout: 5000 });
  await hung;
  await expect(ann.message('written past it')).toHaveCount(1);
  await ann.say('back in line');
  for (const text of ['written past it', 'back in line']) {
    await expect(bob.message(text)).toHaveCount(1);
    await expect(bubble(second, text)).toHaveCount(1);
  }
});

test('without a socket one tab polls for all', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.context.routeWebSocket(/api\/ws/, (socket) => socket.close());
  await ann.page.reload();
  await bob.say('by polling');
  await expect(ann.message('by polling')).toHaveCount(1, { timeout: 20_000 });
  const second = await secondTab(ann);
  let asked = 0;
  second.on('request', (request) => (asked += Number(request.url().includes('/api/events'))));
  await bob.say('to both tabs');
  for (const page of [ann.page, second]) await expect(bubble(page, 'to both tabs')).toHaveCount(1);
  await say(second, 'and back');
  await expect(bob.message('and back')).toHaveCount(1);
  await expect(ann.message('and back')).toHaveCount(1);
  expect(asked).toBe(0);
});

test('a token that ended is renewed once for all tabs, and a new tab needs none of its own', async ({ pair }) => {
  const [ann] = await pair();
  let renewals = 0;
  let token = '';
  ann.context.on('request', (request) => {
    renewals += Number(request.url().endsWith('/api/auth/refresh'));
    token = request.headers().authorization ?? token;
  });
  const second = await secondTab(ann);
  await expect(second.getByRole('heading', { name: 'Bob' })).toBeVisible();
  await expect(async () => expect(token).not.toBe('')).toPass();
  expect(renewals).toBe(0);
  const ended = token;
  await ann.context.route('**/api/users?**', (route) =>
    route.request().headers().authorization === ended
      ? route.fulfill({ status: 401, json: { status: 401, code: 'auth.token_invalid' } })
      : route.continue(),
  );
  const tabs = [ann.page, second];
  await Promise.all(tabs.map((page) => page.getByRole('button', { name: 'New chat' }).click()));
  for (const page of tabs) await expect(page.getByRole('dialog').getByRole('button', { name: 'Bob' })).toBeVisible();
  expect(token).not.toBe(ended);
  expect(renewals).toBe(1);
});

test('new messages in a known chat need no request', async ({ pair }) => {
  const [ann, bob] = await pair();
  const said: string[] = [];
  ann.page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const { type } = JSON.parse(String(payload)) as { type: string };
      // The answer to the server's pulse, which comes when it comes.
      if (type !== 'pong') said.push(type);
    }),
  );
  await ann.page.reload();
  await bob.say('settled');
  await expect(bob.message('settled').getByRole('img', { name: 'read' })).toBeVisible();
  expect(said[0]).toBe('hello');
  said.length = 0;
  ann.page.on('request', (request) => request.url().includes('/api/') && said.push(request.url()));
  for (const text of ['one', 'two', 'three']) await bob.say(text);
  await expect(bob.message('three').getByRole('img', { name: 'read' })).toBeVisible();
  await expect(ann.message('three')).toHaveCount(1);
  expect(new Set(said)).toEqual(new Set(['receipt.read']));
});

test('messages sent while a page changes from polling to the socket are not missed', async ({ pair }) => {
  const [ann, bob] = await pair();
  const moments = new EventEmitter();
  const names = ['listed', 'opened', 'loaded', 'said', 'greeted'];
  const [listed, opened, loaded, said, greeted] = names.map((name) => once(moments, name));
  let letsThrough = false;
  await ann.context.routeWebSocket(/api\/ws/, (socket) => {
    if (!letsThrough) return socket.close();
    const server = socket.connectToServer();
    socket.onMessage(async (message) => {
      moments.emit('opened');
      await said;
      server.send(message);
    });
    server.onMessage((message) => {
      socket.send(message);
      if (String(message).includes('"type":"resumed"')) moments.emit('greeted');
    });
  });
  // The second question comes too late.
  await ann.context.route('**/api/events', async (route) => {
    if (letsThrough) await greeted;
    await route.continue();
  });
  // Polling loads all chats anew; meanwhile the socket opens without a position for any of them.
  await ann.context.route('**/api/chats?**', async (route) => {
    const response = await route.fetch();
    moments.emit('listed');
    await opened;
    await route.fulfill({ response });
  });
  ann.page.on('response', (response) => {
    if (/chats\/\d+\/messages\?/.test(response.url()) && letsThrough) moments.emit('loaded');
  });
  await ann.page.reload();
  await listed;
  letsThrough = true;
  await loaded;
  await bob.say('between');
  await expect(bob.message('between').getByRole('img', { name: 'sent' })).toBeVisible();
  moments.emit('said');
  await expect(ann.message('between')).toHaveCount(1);
});
