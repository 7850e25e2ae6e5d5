/** Faults between people and their server, and the effects that must stay invisible. */
import { Cable } from './cable';
import { expect, type Someone, test } from './world';

const COUNT = 25;
const names = (who: string): string[] =>
  Array.from({ length: COUNT }, (_, n) => `${who}-${String(n).padStart(2, '0')}`);
const shown = async (one: Someone): Promise<string[]> =>
  (await one.page.locator('article').allInnerTexts()).map((text) => /(ann|bob)-\d\d/.exec(text)?.[0] ?? text);

test('each message is once in both lists and in the history, whatever was cut or killed', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const chat = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const cables = [await Cable.to(server, 0), await Cable.to(server, 1)] as const;
  const people = [await someone({ baseURL: cables[0].url }), await someone({ baseURL: cables[1].url })] as const;
  await people[0].signIn(ann.email);
  await people[1].signIn(bob.email);
  await people[0].open('Bob');
  await people[1].open('Ann');

  const pause = (ms: number) => people[0].page.waitForTimeout(ms);
  const write = async (one: Someone, who: string): Promise<void> => {
    for (const text of names(who)) {
      await one.say(text);
      await pause(60);
    }
  };
  const disturb = async (): Promise<void> => {
    for (const cable of cables) {
      await pause(250);
      cable.cut();
      await pause(600);
      cable.mend();
      await pause(250);
      await server.kill();
      await pause(300);
      await server.start();
    }
  };
  await Promise.all([write(people[0], 'ann'), write(people[1], 'bob'), disturb()]);

  const everything = [...names('ann'), ...names('bob')].sort();
  for (const one of people) {
    await expect(async () => expect((await shown(one)).sort()).toEqual(everything)).toPass({ timeout: 40_000 });
    await expect(one.page.getByRole('img', { name: /sending|waiting for/ })).toHaveCount(0);
  }
  const path = `/chats/${chat.id}/messages?around=newest&limit=100`;
  const { items } = await server.call<{ items: { text: string; seq: number }[] }>('GET', path, undefined, ann.token);
  const history = items.map((one) => one.text);
  expect(history.toSorted()).toEqual(everything);
  for (const who of ['ann', 'bob']) expect(history.filter((text) => text.startsWith(who))).toEqual(names(who));
  for (const one of people) expect(await shown(one)).toEqual(history);
  for (const cable of cables) cable.close();
});

test('a chat with new messages opens from its image without a server, and keeps its place when one answers', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const chat = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const say = (text: string) => server.call('POST', `/chats/${chat.id}/messages`, { text }, bob.token);
  for (let n = 0; n < 30; n += 1) await say(`old ${n}`);
  const cable = await Cable.to(server);
  const one = await someone({ baseURL: cable.url });
  await one.signIn(ann.email);
  await one.open('Bob');
  await one.page.getByRole('button', { name: 'Go to the newest messages' }).click();
  const row = one.page.getByRole('navigation').getByRole('link', { name: 'Bob' });
  await expect(one.message('old 29')).toBeVisible();
  await expect(row.getByRole('img', { name: /unread/ })).toHaveCount(0);
  await one.page.getByRole('button', { name: 'New chat' }).click();
  await one.page.getByRole('button', { name: 'Saved messages' }).click();
  await expect(one.page.getByRole('heading', { name: 'Saved messages' })).toBeVisible();
  for (let n = 0; n < 30; n += 1) await say(`new ${n}`);
  await expect(row).toContainText('new 29');
  cable.cut();
  await row.click();
  const divider = one.page.locator('[data-unread]');
  await expect(divider).toBeInViewport();
  await expect(one.page.locator('article').filter({ hasText: /new \d/ })).toHaveCount(30);
  const before = await divider.boundingBox();
  cable.mend();
  await say('after the cut');
  await expect(one.message('after the cut')).toHaveCount(1, { timeout: 20_000 });
  expect((await divider.boundingBox())?.y).toBe(before?.y);
  cable.close();
});

test('a reader in the history keeps their place when everything is loaded anew', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const chat = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  for (let n = 0; n < 120; n += 1)
    await server.call('POST', `/chats/${chat.id}/messages`, { text: `old ${n}.` }, bob.token);
  const one = await someone();
  let isThrough = true;
  await one.context.routeWebSocket(/api\/ws/, (socket) => void (isThrough ? socket.connectToServer() : socket.close()));
  await one.signIn(ann.email);
  await one.page.goto(`/chat/${chat.id}/30`);
  await expect(one.message('old 29.')).toBeInViewport();
  const isOnline = () => expect(one.page.getByText('Connecting…')).toHaveCount(0);
  await isOnline();
  const before = await one.message('old 29.').boundingBox();
  const reloaded = one.page.waitForResponse(/\/messages\?.*limit=/, { timeout: 30_000 });
  isThrough = false;
  await server.kill();
  await server.start();
  await reloaded;
  await server.call('POST', `/chats/${chat.id}/messages`, { text: 'the newest one' }, bob.token);
  await expect(one.page.getByRole('navigation').getByRole('link', { name: 'Bob' })).toContainText('the newest one', {
    timeout: 30_000,
  });
  await isOnline();
  await expect(one.message('old 29.')).toBeInViewport();
  expect(await one.message('old 29.').boundingBox()).toEqual(before);
});

test('read marks reach the server also without a socket', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.context.routeWebSocket(/api\/ws/, (socket) => socket.close());
  await bob.page.reload();
  await ann.say('have you read it?');
  await expect(bob.message('have you read it?')).toHaveCount(1, { timeout: 20_000 });
  await expect(ann.message('have you read it?').getByRole('img', { name: 'read' })).toBeVisible();
});

test('a brief network loss with a living socket leaves no notice behind', async ({ pair }) => {
  const [ann] = await pair();
  await expect(ann.page.getByText('Connecting…')).toHaveCount(0);
  await ann.page.evaluate(() => dispatchEvent(new Event('offline')));
  await expect(ann.page.getByText(/No network since .+\. Messages will be sent when it returns\./)).toBeVisible();
  await ann.page.evaluate(() => dispatchEvent(new Event('online')));
  await expect(ann.page.getByText('No network')).toHaveCount(0);
  await expect(ann.page.getByText('Connecting…')).toHaveCount(0);
});

test('the browser keeps the emoji after their first use, not before', async ({ server, pair }) => {
  const [ann] = await pair();
  const kept = (): Promise<string[]> =>
    ann.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
      const all = await Promise.all((await caches.keys()).map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map((one) => new URL(one.url).pathname);
    });
  await expect(async () => expect(await kept()).toContain('/index.html')).toPass();
  await ann.page.reload();
  expect((await kept()).filter((path) => /emoji|colour/i.test(path))).toEqual([]);
  expect((await kept()).some((path) => /\/ru-/.test(path))).toBe(true);
  const button = ann.page.getByRole('button', { name: 'Emoji' });
  await button.click();
  await expect(ann.page.getByRole('dialog')).toBeVisible();
  await server.stop();
  await ann.page.reload();
  await button.click();
  await expect(ann.page.getByRole('dialog')).toBeVisible();
});
