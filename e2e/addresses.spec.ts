/** Addresses: kept over signing in, honest where they lead nowhere, whole after an upgrade; and the way back. */
import { PASSWORD } from './server';
import { PHONE } from './talk';
import { expect, type Server, type Someone, test } from './world';

/** Creates Ann with a direct chat to Bob, in which he has said a few things. */
async function chatting(server: Server) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  for (const text of ['one', 'two', 'three']) await server.call('POST', `/chats/${id}/messages`, { text }, bob.token);
  return { ann, bob, id };
}

/** Signs in on the page that is open. */
async function signInHere({ page }: Someone, email: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

test('an address is kept over signing in', async ({ server, someone }) => {
  const { ann, id } = await chatting(server);
  const one = await someone();
  const { page } = one;
  await page.goto(`/chat/${id}/2`);
  await signInHere(one, ann.email);
  await expect(one.message('two')).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/chat/${id}/2`);
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Sign out' }).click();
  // The next person begins at the list.
  await expect(page).toHaveURL(`${server.url}/`);
  await page.goto('/settings/keys');
  await signInHere(one, ann.email);
  await expect(page.getByRole('heading', { name: 'Settings' })).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/settings/keys`);
  // So are the words that another program shares with the installed page.
  const other = await someone();
  await other.page.goto('/?text=shared%20words');
  await signInHere(other, ann.email);
  await other.page.getByRole('dialog').getByRole('option', { name: 'Bob' }).click();
  await expect(other.composer()).toHaveValue('shared words');
});

test('addresses that lead nowhere say what they are', async ({ server, someone }) => {
  const { ann } = await chatting(server);
  const stranger = await server.person('Cy');
  const den = { kind: 'group', name: 'Den' };
  const { id: closed } = await server.call<{ id: number }>('POST', '/chats', den, stranger.token);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  for (const path of ['/nonsense', '/chat/x', '/chat']) {
    await page.goto(path);
    await expect(page.getByText('There is no page at this address')).toBeVisible();
  }
  for (const path of ['/chat/99999', `/chat/${closed}`]) {
    await page.goto(path);
    await expect(page.getByText('This chat is not available')).toBeVisible();
  }
  await page.getByRole('button', { name: 'Go to chats' }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  const other = await someone();
  await other.page.goto('/invite/%');
  await expect(other.page.getByRole('heading', { name: /invite no longer works/i })).toBeVisible();
});

test('a page without its words or parts after an upgrade is never white', async ({ server, someone }) => {
  const { ann } = await chatting(server);
  const one = await someone({ locale: 'ru-RU', serviceWorkers: 'block' });
  const { page } = one;
  let isGone = true;
  await page.route('**/assets/ru-*.js', (route) =>
    isGone ? route.fulfill({ status: 404, body: '' }) : route.continue(),
  );
  await page.goto('/');
  await expect(page.getByRole('button', { name: /Forgot/ })).toBeVisible();
  // The words come as soon as they can.
  isGone = false;
  await expect(page.getByRole('button', { name: 'Забыли пароль?' })).toBeVisible({ timeout: 30_000 });
  await page.unrouteAll();

  const other = await someone({ serviceWorkers: 'block' });
  await other.signIn(ann.email);
  await other.page.route('**/assets/Settings-*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await other.page.goto('/settings');
  const again = other.page.getByRole('button', { name: 'Try again' });
  await again.click();
  await expect(again).toBeVisible();
  await other.page.unrouteAll();
  // Trying did not help: the page itself is loaded anew.
  const loaded = other.page.waitForEvent('load');
  await again.click();
  await loaded;
  await expect(other.page.getByRole('heading', { name: 'Settings' })).toBeVisible();
});

test('a page without its first file is loaded anew once, and then says so', async ({ server, someone }) => {
  await server.person('Ann');
  const { page } = await someone({ serviceWorkers: 'block' });
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404, body: '' }), { times: 1 });
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Sign in', exact: true })).toBeVisible();
  await page.route('**/assets/*.js', (route) => route.fulfill({ status: 404, body: '' }));
  await page.reload();
  await expect(page.getByRole('button', { name: 'Reload the page' })).toBeVisible();
});

test('Back closes what is on top first, and leads on only then', async ({ server, someone }) => {
  const { ann, id } = await chatting(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  const back = (): Promise<void> => page.evaluate(() => history.back());
  const steps = await page.evaluate(() => history.length);
  // From the list with a dialog open Back does not leave the site.
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog')).toBeVisible();
  await back();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(`${server.url}/`);
  // A dialog closed by hand leaves nothing behind.
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // One that leads to a chat leaves one step.
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('bob');
  await page.keyboard.press('Enter');
  await expect(one.message('three')).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/chat/${id}`);
  await one.message('two').click({ button: 'right' });
  await page.getByRole('menuitem').first().waitFor();
  await back();
  await expect(page.getByRole('menu')).toHaveCount(0);
  await page.getByRole('button', { name: 'Emoji' }).click();
  await expect(page.getByRole('dialog', { name: 'Emoji' })).toBeVisible();
  await back();
  await expect(page.getByRole('dialog', { name: 'Emoji' })).toBeHidden();
  await expect(page).toHaveURL(`${server.url}/chat/${id}`);
  await back();
  await expect(page).toHaveURL(`${server.url}/`);
  expect(await page.evaluate(() => history.length)).toBeLessThanOrEqual(steps + 2);
});

test('Back closes a submenu before its menu', async ({ server, someone }) => {
  const { ann, id } = await chatting(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  const back = (): Promise<void> => page.evaluate(() => history.back());
  await page.getByRole('navigation').getByRole('link', { name: 'Bob' }).click({ button: 'right' });
  const menu = page.getByRole('menu');
  const items = await menu.getByRole('menuitem').count();
  await menu.getByRole('menuitem', { name: /^Mute for/ }).click();
  await expect(menu.getByRole('menuitem')).not.toHaveCount(items);
  await back();
  await expect(menu.getByRole('menuitem')).toHaveCount(items);
  await expect.poll(() => page.evaluate(() => history.state?.isTop ?? false)).toBe(true);
  await back();
  await expect(menu).toHaveCount(0);
  await expect(page).toHaveURL(`${server.url}/`);
  await one.open('Bob');
  await page.reload();
  await expect(one.message('three')).toBeVisible();
  await expect(page).toHaveURL(`${server.url}/chat/${id}`);
});

test('a dialog that leads to the list goes no further back', async ({ server, someone }) => {
  const { ann, bob } = await chatting(server);
  const den = { kind: 'group', name: 'Den', member_ids: [bob.id] };
  await server.call('POST', '/chats', den, ann.token);
  const one = await someone();
  const { page } = one;
  await one.signIn(bob.email);
  await one.open('Den');
  await page.getByRole('button', { name: 'Members', exact: true }).click();
  await page.getByRole('button', { name: 'Leave group' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }).click();
  await expect(page).toHaveURL(`${server.url}/`);
  await one.open('Ann');
  await expect(one.message('three')).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(`${server.url}/`);
});

test('the arrows of the settings go back over their pages to where these were opened', async ({ server, someone }) => {
  const { ann, id } = await chatting(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await one.open('Bob');
  await one.message('three').waitFor();
  await page.getByRole('region').focus();
  await page.keyboard.press('?');
  for (const name of ['Appearance', 'About']) {
    await page.getByRole('link', { name }).click();
    await expect(page).toHaveURL(`${server.url}/settings/${name.toLowerCase()}`);
  }
  await page.getByRole('button', { name: 'Back' }).click();
  await expect(page).toHaveURL(`${server.url}/chat/${id}`);
  await page.goBack();
  await expect(page).toHaveURL(`${server.url}/`);

  const phone = await someone(PHONE);
  await phone.signIn(ann.email);
  await phone.page.getByRole('button', { name: 'Settings' }).tap();
  await phone.page.getByRole('link', { name: 'Storage' }).tap();
  await expect(phone.page.getByRole('heading', { name: 'Settings' })).toBeFocused();
  await phone.page.getByRole('button', { name: 'Back' }).tap();
  await expect(phone.page).toHaveURL(`${server.url}/settings`);
  await phone.page.getByRole('button', { name: 'Back' }).tap();
  await expect(phone.page).toHaveURL(`${server.url}/`);
  // Each arrow was a way back: the pages are ahead, once each.
  await phone.page.goForward();
  await expect(phone.page).toHaveURL(`${server.url}/settings`);
  await phone.page.goForward();
  await expect(phone.page).toHaveURL(`${server.url}/settings/storage`);
});
