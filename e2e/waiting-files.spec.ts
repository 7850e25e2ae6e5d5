/** Files that wait: what a killed browser or server, a full browser and a missing right do to them. */
import { OwnBrowser } from './killed';
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
  onServer,
  pairOn,
  SLOW,
  send,
  tray,
} from './sending';
import { PASSWORD } from './server';
import { expect, Someone, test } from './world';

/** The time for the rest of a large file, on a slow machine too. */
const WHOLE = { timeout: 90_000 };

test('an upload goes on in a browser that was killed and opened again', async ({ browser }, { project }) => {
  test.slow(); // the bytes come slowly on purpose
  // A browser writes a new cookie half a minute late: here the session outlasts the one that is lost.
  await onServer({ ...SLOW, REFRESH_REUSE_GRACE: '1h' }, async (server) => {
    const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
    const chat = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
    const place = `${server.url}/chat/${chat.id}`;
    const other = await Someone.arrives(browser, server);
    await other.signIn(bob.email);
    await other.open('Ann');
    const own = new OwnBrowser(project.use.launchOptions);
    const first = await own.open(place);
    await first.getByLabel('E-mail').fill(ann.email);
    await first.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await first.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(first.getByRole('textbox', { name: 'Message' })).toBeVisible();
    // This person signed in earlier.
    await own.close();
    const second = await own.open(place);
    const film = file('film.bin', LARGE);
    await choose(second, film);
    await send(second).click();
    await hasBegun(second, 'film.bin');
    await own.kill();
    const third = await own.open(place);
    await expect(third.locator('article').filter({ hasText: 'film.bin' })).toHaveCount(1);
    await expect(link(other.page, 'film.bin')).toHaveCount(1, WHOLE);
    await expect(link(third, 'film.bin')).toHaveCount(1);
    expect((await downloaded(other.page, 'film.bin')).equals(film.buffer)).toBe(true);
    await own.kill();
    await other.context.close();
  });
});

test('an open page goes on with an upload when a killed server is back', async ({ browser }) => {
  test.slow(); // the bytes come slowly on purpose
  await pairOn(browser, SLOW, async (server, ann, bob) => {
    const film = file('film.bin', LARGE);
    await choose(ann.page, film);
    await send(ann.page).click();
    await hasBegun(ann.page, 'film.bin');
    await server.kill();
    await server.start();
    await expect(link(bob.page, 'film.bin')).toHaveCount(1, WHOLE);
    expect((await downloaded(bob.page, 'film.bin')).equals(film.buffer)).toBe(true);
    await expect(ann.message('film.bin')).toHaveCount(1);
  });
});

test('a file that the browser has no room for is sent from the open page, which asks before it closes', async ({
  server,
  pair,
}) => {
  const [ann, bob] = await pair();
  // As a browser with a full disk refuses what is large.
  await ann.page.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given) {
      if (given[0] instanceof Blob) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  await ann.page.reload();
  const film = file('film.bin', 3 * MIB);
  await choose(ann.page, film);
  await server.kill();
  await send(ann.page).click();
  await expect(ann.message('film.bin')).toContainText('Keep this tab open until it is sent.');
  await ann.say('words have room');
  await expect(ann.page.getByText('This browser does not keep')).toHaveCount(0);
  const asked = ann.page.waitForEvent('dialog');
  await ann.page.close({ runBeforeUnload: true });
  const question = await asked;
  expect(question.type()).toBe('beforeunload');
  await question.dismiss();
  await server.start();
  await expect(link(bob.page, 'film.bin')).toHaveCount(1, LATER);
  expect((await downloaded(bob.page, 'film.bin')).equals(film.buffer)).toBe(true);
  await expect(bob.message('words have room')).toHaveCount(1);
});

test('a chat in which files may not be sent offers none, and says so when one is dropped or pasted', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const one = await someone();
  // No role of the server lacks this right yet; the answer of one where it does is the same without its name.
  await one.page.route(/\/api\/chats(\?|$)/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll(/,?"media"/g, '') });
  });
  await one.signIn(ann.email);
  await one.page.goto(`/chat/${id}`);
  await expect(one.composer()).toBeVisible();
  await expect(one.page.getByRole('button', { name: 'Attach files' })).toHaveCount(0);
  for (const how of ['drop', 'paste'] as const) {
    await bring(one.page, 'main form textarea', how, 'plan.txt');
    const refusal = one.page.getByText('You cannot send files in this chat.').first();
    await expect(refusal).toBeVisible();
    await expect(tray(one.page)).toHaveCount(0);
    await one.page.reload();
  }
});

test('a file that is brought during an edit is not put into a tray that is out of sight', async ({ pair }) => {
  const [ann] = await pair();
  await ann.say('words');
  await ann.choose('words', 'Edit');
  await bring(ann.page, 'main form textarea', 'paste', 'plan.txt');
  await expect(ann.page.getByText('Files cannot be added to a sent message.').first()).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await expect(tray(ann.page)).toHaveCount(0);
});
