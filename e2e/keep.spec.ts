/** Words that are not sent yet: no tab, line, storage or edit elsewhere loses them. */
import type { BrowserContext } from '@playwright/test';
import { cabled } from './cable';
import { PASSWORD } from './server';
import { expect, type Someone, test } from './world';

test('a waiting message that is taken back leaves the begun reply to another message alone', async ({
  server,
  pair,
}) => {
  const [ann, bob] = await pair();
  await bob.say('shall we?');
  await bob.say('and when?');
  await ann.choose('shall we?', 'Reply');
  await server.kill();
  await ann.say('gladly');
  await ann.choose('and when?', 'Reply');
  await ann.composer().fill('tomorr');
  await ann.message('gladly').getByRole('button', { name: 'Cancel sending' }).click();
  await expect(ann.composer()).toHaveValue('gladly');
  await server.start();
  await ann.composer().press('Enter');
  await expect(bob.message('gladly')).toContainText('shall we?', { timeout: 30_000 });
  await expect(ann.composer()).toHaveValue('tomorr');
  await ann.say('tomorrow');
  await expect(bob.message('tomorrow')).toContainText('and when?');
});

test('an edit is kept over another chat, a reload and Escape, and shows both texts when they differ', async ({
  server,
  someone,
}) => {
  const { ann, chat, cable, one, other } = await cabled(server, someone);
  const { page } = one;
  await server.call('POST', '/chats', { kind: 'saved' }, ann.token);
  await one.open('Bob');
  await one.say('frist');
  await one.choose('frist', 'Edit');
  await one.composer().fill('first of all');
  await one.open('Saved messages');
  await expect(one.composer()).toHaveValue('');
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('first of all');
  await page.reload();
  await expect(one.composer()).toHaveValue('first of all');
  await one.composer().press('Escape');
  await expect(one.composer()).toHaveValue('');
  await one.choose('frist', 'Edit');
  await expect(one.composer()).toHaveValue('first of all');

  await server.call('PATCH', `/chats/${chat}/messages/1`, { text: 'number one' }, ann.token);
  const clash = page.getByRole('alert').filter({ hasText: 'changed on another device' });
  await expect(clash).toContainText('number one');
  await one.composer().press('Enter');
  await expect(other.message('number one')).toHaveCount(1);
  await clash.getByRole('button', { name: 'Take this text' }).click();
  await expect(one.composer()).toHaveValue('number one');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(one.composer()).toHaveValue('first of all');
  await one.composer().press('Enter');
  await expect(other.message('first of all')).toHaveCount(1);
  await expect(one.composer()).toHaveValue('');
  cable.close();
});

test('an edit that this device did not know to be outdated is refused once, then saved', async ({
  server,
  someone,
}) => {
  const { ann, chat, cable, one, other } = await cabled(server, someone);
  await one.open('Bob');
  await one.say('frist');
  await expect(other.message('frist')).toHaveCount(1);
  // Requests get through, events do not.
  await one.context.routeWebSocket(/api\/ws/, (socket) => {
    const line = socket.connectToServer();
    line.onMessage((frame) => {
      if (!String(frame).includes('message.edited')) socket.send(frame);
    });
  });
  await one.page.reload();
  await one.choose('frist', 'Edit');
  await one.composer().fill('first of all');
  await server.call('PATCH', `/chats/${chat}/messages/1`, { text: 'number one' }, ann.token);
  await expect(other.message('number one')).toHaveCount(1);
  await one.composer().press('Enter');
  const clash = one.page.getByRole('alert').filter({ hasText: 'changed on another device' });
  await expect(clash).toContainText('number one');
  await clash.getByRole('button', { name: 'Keep my text' }).click();
  await expect(one.composer()).toBeFocused();
  await one.composer().press('Enter');
  await expect(other.message('first of all')).toHaveCount(1);
  cable.close();
});

test('a draft is the same in two tabs, and what one sends the other does not send again', async ({ pair }) => {
  const [ann, bob] = await pair();
  const second = await ann.context.newPage();
  await second.goto(ann.page.url());
  const field = second.getByRole('textbox', { name: 'Message' });
  await ann.composer().fill('from the first');
  await expect(field).toHaveValue('from the first');
  await field.press('End');
  await field.pressSequentially(' and the second');
  await expect(ann.composer()).toHaveValue('from the first and the second');
  await ann.composer().press('Enter');
  await expect(field).toHaveValue('');
  await field.press('Enter');
  await field.fill('the end');
  await field.press('Enter');
  await expect(bob.message('the end')).toHaveCount(1);
  await expect(bob.message('from the first and the second')).toHaveCount(1);
});

test('a message whose answer was lost is on screen once when the page is loaded', async ({ pair }) => {
  const [ann, bob] = await pair();
  const text = 'cut after the commit';
  let [isSent, isCut] = [false, false];
  await ann.context.routeWebSocket(/api\/ws/, (socket) => {
    if (isCut) return void socket.close();
    const line = socket.connectToServer();
    socket.onMessage((frame) => {
      isSent ||= String(frame).includes(text);
      line.send(frame);
    });
    line.onMessage((frame) => {
      if (!isSent) socket.send(frame);
    });
  });
  await ann.page.reload();
  await ann.say(text);
  await expect(bob.message(text)).toHaveCount(1);
  isCut = true;
  // No repeat gets through: only the loaded page can tell that the message arrived.
  await ann.context.route('**/api/chats/*/messages', (route) =>
    route.request().method() === 'POST' ? route.abort() : route.fallback(),
  );
  await ann.page.reload();
  await expect(ann.message(text).and(ann.page.locator('[data-seq]'))).toHaveCount(1, { timeout: 30_000 });
  await expect(ann.message(text)).toHaveCount(1);
});

test('a line that is dead without a sign is noticed by the message that it does not answer', async ({
  server,
  someone,
}) => {
  const { cable, one, other } = await cabled(server, someone);
  await one.open('Bob');
  await one.say('before');
  await expect(other.message('before')).toHaveCount(1);
  cable.hush();
  await one.say('into the void');
  // Without the proof it takes a minute.
  await expect(other.message('into the void')).toHaveCount(1, { timeout: 30_000 });
  await expect(one.message('into the void')).toHaveCount(1);
  cable.close();
});

/** Reloads the page, and stays if the browser asks; returns whether it left without a question. */
async function leaves({ page }: Someone): Promise<boolean> {
  const asked = page.waitForEvent('dialog').then(async (dialog) => {
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    return false;
  });
  const left = page.waitForEvent('load').then(() => true);
  for (const one of [asked, left]) one.catch(() => undefined);
  await page.evaluate(() => void setTimeout(() => location.reload()));
  return Promise.race([asked, left]);
}

/** Forbids what a browser forbids that blocks the data of sites. */
const forbid = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const refused = (): never => {
      throw new DOMException('forbidden', 'SecurityError');
    };
    for (const name of ['indexedDB', 'localStorage', 'sessionStorage'])
      Object.defineProperty(globalThis, name, { get: refused });
    LockManager.prototype.request = async () => refused();
    LockManager.prototype.query = async () => refused();
    globalThis.BroadcastChannel = class {
      constructor() {
        refused();
      }
    } as unknown as typeof BroadcastChannel;
  });

test('with forbidden storage the page works, says so, and asks before words are lost', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  await server.call('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const [one, other] = [await someone(), await someone()];
  await forbid(one.context);
  await one.signIn(ann.email);
  await other.signIn(bob.email);
  await one.open('Bob');
  await other.open('Ann');
  await expect(one.page.getByText('This browser does not keep data')).toBeVisible();
  await one.say('without a storage');
  await expect(other.message('without a storage')).toHaveCount(1);
  await one.composer().fill('half a sen');
  expect(await leaves(one)).toBe(false);
  await expect(one.composer()).toHaveValue('half a sen');
  // The end of the session loses them neither.
  const next = 'another horse battery';
  await server.call('POST', '/users/me/password', { current_password: PASSWORD, new_password: next }, ann.token);
  await expect(one.page.getByText('Unsent messages and drafts are kept')).toBeVisible();
  expect(await leaves(one)).toBe(false);
  await one.signInAgain(ann.email, next);
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('half a sen');
});

test('the page asks before it closes with an unsent message, also where it would be kept', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await server.kill();
  await ann.say('not sent yet');
  await expect(ann.message('not sent yet')).toBeVisible();
  expect(await leaves(ann)).toBe(false);
  await server.start();
  await expect(bob.message('not sent yet')).toHaveCount(1, { timeout: 30_000 });
  await expect(ann.message('not sent yet').getByRole('img', { name: /sent|read/i })).toHaveCount(1);
  expect(await leaves(ann)).toBe(true);
});

for (const kind of ['paste', 'drop'] as const)
  test(`a file is not ignored in silence: ${kind}`, async ({ pair }) => {
    const [ann] = await pair();
    const isTaken = await ann.composer().evaluate((field, type) => {
      const data = new DataTransfer();
      data.items.add(new File(['x'], 'cat.png', { type: 'image/png' }));
      const given = { bubbles: true, cancelable: true };
      const event =
        type === 'paste'
          ? new ClipboardEvent(type, { ...given, clipboardData: data })
          : new DragEvent(type, { ...given, dataTransfer: data });
      return !field.dispatchEvent(event);
    }, kind);
    expect(isTaken).toBe(true);
    await expect(ann.page.getByRole('list', { name: 'Files to send' })).toContainText('cat.png');
  });

test('what is written without a network in a chat that is not loaded is shown, and sent later', async ({
  server,
  someone,
}) => {
  const { cable, one, other } = await cabled(server, someone);
  cable.cut();
  await one.open('Bob');
  await one.say('from outside');
  await expect(one.message('from outside')).toBeVisible();
  cable.mend();
  await expect(other.message('from outside')).toHaveCount(1, { timeout: 30_000 });
  await expect(one.message('from outside')).toHaveCount(1);
  cable.close();
});

test('words typed at the moment of a reload are kept', async ({ pair }) => {
  const [ann] = await pair();
  for (const words of ['first', 'second', 'third', 'fourth']) {
    await ann.composer().evaluate((field: HTMLTextAreaElement, typed) => {
      field.value = typed;
      field.dispatchEvent(new InputEvent('input', { bubbles: true }));
      location.reload();
      // A busy page: it gets no answer of the storage before it is gone.
      for (const end = performance.now() + 500; performance.now() < end; );
    }, words);
    await ann.page.waitForURL(/chat/);
    await expect(ann.composer()).toHaveValue(words);
  }
});
