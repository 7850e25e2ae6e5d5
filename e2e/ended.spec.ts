/** Words that are not sent yet when a session ends: they wait for their account, or go with the deed of its owner. */
import type { Route } from '@playwright/test';
import { cabled } from './cable';
import { choose, file, LATER, link, send, tray } from './sending';
import { PASSWORD } from './server';
import { expect, type Someone, test } from './world';

/** Opens the settings and presses the button at their end. */
async function signOut({ page }: Someone): Promise<void> {
  await page.getByRole('button', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Sign out', exact: true }).click();
}

test('another password ends the session, and what was unsent waits for its account', async ({ server, someone }) => {
  const { ann, cable, one, other } = await cabled(server, someone);
  const cid = await server.person('Cid');
  await one.open('Bob');
  cable.cut();
  await one.say('written in a tunnel');
  await expect(one.message('written in a tunnel')).toBeVisible();
  await one.composer().fill('half a sen');
  const next = 'another horse battery';
  await server.call('POST', '/users/me/password', { current_password: PASSWORD, new_password: next }, ann.token);
  cable.mend();
  await expect(one.page.getByText('Unsent messages and drafts are kept')).toBeVisible({ timeout: 30_000 });
  // Another account uses the browser meanwhile.
  await one.signInAgain(cid.email, PASSWORD);
  await expect(one.page.getByText('No chats yet')).toBeVisible();
  await signOut(one);
  await one.signInAgain(ann.email, next);
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('half a sen');
  await expect(other.message('written in a tunnel')).toHaveCount(1);
  await expect(one.message('written in a tunnel')).toHaveCount(1);
  cable.close();
});

test('a session goes on when the answer to its renewal is lost', async ({ server, pair }) => {
  test.slow(); // a page waits for an answer for twenty seconds
  const [ann, bob] = await pair();
  let status = 0;
  const lose = async (route: Route): Promise<void> => {
    const { cookie = '', origin = server.url } = await route.request().allHeaders();
    const headers = { 'content-type': 'application/json', 'x-client': 'web', cookie, origin };
    status = (await fetch(`${server.url}/api/auth/refresh`, { method: 'POST', headers, body: '{}' })).status;
  };
  await ann.page.route('**/api/auth/refresh', lose, { times: 1 });
  await ann.page.reload();
  await expect.poll(() => status).toBe(200);
  await bob.say('said meanwhile');
  await expect(ann.message('said meanwhile')).toBeVisible({ timeout: 90_000 });
});

test('a session that its owner ends on another device leaves no words behind', async ({ server, someone }) => {
  const { ann, cable, one } = await cabled(server, someone);
  await one.open('Bob');
  await one.composer().fill('half a sen');
  await server.call('DELETE', '/users/me/sessions?others=true', undefined, ann.token);
  await one.signInAgain(ann.email, PASSWORD);
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('');
  cable.close();
});

test('a session that ended while the page was closed leaves its words for the account', async ({ server, someone }) => {
  const { ann, cable, one } = await cabled(server, someone);
  await one.open('Bob');
  await one.composer().fill('half a sen');
  // The answer to the renewal would bring the cookie back.
  const renewed = one.page.waitForResponse('**/api/auth/refresh');
  await one.page.reload();
  await expect(one.composer()).toHaveValue('half a sen');
  await (await renewed).finished();
  // As after thirty days: the cookie has expired.
  await one.context.clearCookies();
  await one.page.reload();
  const hint = one.page.getByText('Unsent messages and drafts are kept');
  await expect(hint).toBeVisible();
  // Not only until the page is loaded again.
  await one.page.reload();
  await expect(hint).toBeVisible();
  await one.signInAgain(ann.email, PASSWORD);
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('half a sen');
  cable.close();
});

test('a session that its owner ends while the page is closed leaves no words behind', async ({ server, someone }) => {
  const { ann, cable, one } = await cabled(server, someone);
  await one.open('Bob');
  await one.composer().fill('half a sen');
  await one.page.reload();
  await expect(one.composer()).toHaveValue('half a sen');
  await one.page.goto('about:blank');
  await server.call('DELETE', '/users/me/sessions?others=true', undefined, ann.token);
  await one.page.goto(cable.url);
  await one.signInAgain(ann.email, PASSWORD);
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('');
  cable.close();
});

/** Returns everything that the browser keeps of a person: texts of the database, and the names of settings. */
const keptBy = ({ page }: Someone): Promise<string[]> =>
  page.evaluate(async () => {
    const done = <T>(asked: IDBRequest<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
    const db = await done(indexedDB.open('web-messenger'));
    const names = [...db.objectStoreNames];
    const stores = db.transaction(names);
    const all = await Promise.all(names.map((name) => done(stores.objectStore(name).getAll())));
    db.close();
    return [...all.flat().map((one) => JSON.stringify(one)), ...Object.keys(localStorage)];
  });

test("one's own sign-out asks when something is unsent, then leaves nothing behind", async ({ server, someone }) => {
  const { ann, cable, one } = await cabled(server, someone);
  await one.open('Bob');
  await one.say('sent');
  await one.composer().fill('half a sen');
  await expect.poll(async () => (await keptBy(one)).join()).toContain('half a sen');
  await signOut(one);
  const question = one.page.getByRole('alertdialog');
  await expect(question).toContainText('Unsent messages, drafts and edits: 1');
  await question.getByRole('button', { name: 'Cancel' }).click();
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('half a sen');
  await signOut(one);
  await question.getByRole('button', { name: 'Sign out' }).click();
  await expect(one.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  // Only whose storage it was.
  await expect.poll(() => keptBy(one)).toEqual([String(ann.id)]);
  await one.page.reload();
  await expect(one.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await expect(one.page.getByText('Unsent messages and drafts are kept')).toHaveCount(0);
  await one.signInAgain(ann.email, PASSWORD);
  await one.open('Bob');
  await expect(one.composer()).toHaveValue('');
  cable.close();
});

test("one's own sign-out asks about files that wait, and deletes their bytes", async ({ server, someone }) => {
  const { ann, cable, one } = await cabled(server, someone);
  await one.open('Bob');
  // Uploads find no way, whatever the speed of the machine.
  await one.page.route('**/api/uploads*', (route) => route.abort());
  await choose(one.page, file('plan.bin', 1000));
  await send(one.page).click();
  await expect.poll(async () => (await keptBy(one)).join()).toContain('plan.bin');
  await choose(one.page, file('chosen.bin', 1000));
  await signOut(one);
  const question = one.page.getByRole('alertdialog');
  await expect(question).toContainText('Unsent messages, drafts and edits: 2');
  await question.getByRole('button', { name: 'Sign out' }).click();
  await expect(one.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await expect.poll(() => keptBy(one)).toEqual([String(ann.id)]);
  await one.signInAgain(ann.email, PASSWORD);
  await one.open('Bob');
  await expect(one.message('plan.bin')).toHaveCount(0);
  await expect(tray(one.page)).toHaveCount(0);
  cable.close();
});

test('another password leaves chosen files and waiting ones to their account', async ({ server, someone }) => {
  const { ann, cable, one, other } = await cabled(server, someone);
  await one.open('Bob');
  const isHeld = { value: true };
  await one.page.route('**/api/uploads*', (route) => (isHeld.value ? route.abort() : route.fallback()));
  await choose(one.page, file('plan.bin', 1000));
  await send(one.page).click();
  await expect.poll(async () => (await keptBy(one)).join()).toContain('plan.bin');
  await choose(one.page, file('chosen.bin', 1000));
  const next = 'another horse battery';
  await server.call('POST', '/users/me/password', { current_password: PASSWORD, new_password: next }, ann.token);
  await expect(one.page.getByText('Unsent messages and drafts are kept')).toBeVisible({ timeout: 30_000 });
  isHeld.value = false;
  await one.signInAgain(ann.email, next);
  await one.open('Bob');
  await expect(tray(one.page)).toContainText('chosen.bin');
  await expect(link(other.page, 'plan.bin')).toHaveCount(1, LATER);
  cable.close();
});
