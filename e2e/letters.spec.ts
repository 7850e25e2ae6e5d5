/** E-mails and their pages: a forgotten password, a verified address. */
import { links } from './letters';
import { expect, Server, test } from './world';

const NEXT = 'another long battery';

test('a forgotten password is reset by e-mail, and the other browser is signed out', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const other = await someone();
  await other.signIn(ann.email);
  const { page } = await someone();
  await page.goto('/');
  await page.getByRole('button', { name: 'Forgot password?' }).click();
  await page.getByLabel('E-mail').fill(ann.email);
  await page.getByRole('button', { name: 'Continue' }).click();
  const [heading, hint] = server.sendsMail
    ? ['Check your e-mail', ann.email]
    : ['Ask the administrator', 'the administrator of this server has the link'];
  await expect(page.getByRole('heading', { name: heading })).toBeVisible();
  await expect(page.getByText(hint)).toBeVisible();
  const [link] = await links(server, ann.email, 'reset');
  await page.goto(link);
  await page.getByLabel('New password').fill('1234567890');
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('alert')).toContainText('too common');
  await page.getByLabel('New password').fill(NEXT);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('heading', { name: 'Password changed' })).toBeVisible();
  await expect(other.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await page.getByRole('button', { name: 'Back to sign-in' }).click();
  await page.getByLabel('E-mail').fill(ann.email);
  await page.getByLabel('Password', { exact: true }).fill(NEXT);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('navigation')).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
});

test('a used link says so and leads on', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  await server.call('POST', '/auth/password/forgot', { email: ann.email });
  const [link] = await links(server, ann.email, 'reset');
  await server.call('POST', '/auth/password/reset', { token: link.split('#')[1], password: NEXT });
  const { page } = await someone();
  await page.goto(link);
  await page.getByLabel('New password').fill('yet another battery');
  await page.getByRole('button', { name: 'Change password' }).click();
  await page.getByRole('button', { name: 'Request a new link' }).click();
  await expect(page.getByRole('button', { name: 'Continue' })).toBeVisible();
  // Every such field gets the focus, not only the first one of a page.
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.getByRole('button', { name: 'Back to sign-in' }).click();
  await expect(page.getByLabel('E-mail')).toBeFocused();
  await page.goto('/reset');
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
  await page.goto('/verify#nonsense');
  await expect(page.getByRole('heading', { name: 'This link no longer works' })).toBeVisible();
});

test('without a network the page of an e-mail link says so and continues when it is back', async ({
  server,
  someone,
}) => {
  const ann = await server.person('Ann');
  const [link] = await links(server, ann.email, 'verify');
  const { page } = await someone();
  await page.route('**/api/auth/email/verify', (route) => route.abort());
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('cannot be reached');
  await page.unroute('**/api/auth/email/verify');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'E-mail address verified' })).toBeVisible();
});

const mailed = test.extend({
  /** Starts a server whose e-mails a catcher receives. */
  server: async ({}, use) => {
    const server = await Server.withMail();
    await use(server);
    await server.leave();
  },
});

mailed('with mail the letters go out, and the pages say so, by keys alone', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const { page } = await someone();
  await page.goto('/');
  await page.getByRole('button', { name: 'Forgot password?' }).press('Enter');
  await page.keyboard.type(ann.email);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Check your e-mail' })).toBeFocused();
  await expect(page.getByText(`If there is an account with ${ann.email}`)).toBeVisible();
  const [reset] = await links(server, ann.email, 'reset');
  await page.goto(reset);
  await page.keyboard.type(NEXT);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: 'Password changed' })).toBeFocused();
  const [verify] = await links(server, ann.email, 'verify');
  await page.goto(verify);
  await expect(page.getByRole('heading', { name: 'E-mail address verified' })).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
});

mailed(
  'the settings ask for the address until its link was opened, in whatever browser',
  async ({ server, someone }) => {
    const ann = await server.person('Ann');
    const one = await someone();
    await one.signIn(ann.email);
    await one.page.goto('/settings');
    await expect(one.page.getByText(/^This address is not verified yet/)).toBeVisible();
    await one.page.getByRole('button', { name: 'Request a new e-mail' }).click();
    const [link] = await links(server, ann.email, 'verify', 2);
    const phone = await someone({ locale: 'ru-RU' });
    await phone.page.goto(link);
    await expect(phone.page.getByRole('heading', { name: 'Почта подтверждена' })).toBeVisible();
    await expect(one.page.getByText(/^This address is not verified yet/)).toBeHidden();
    await expect(one.page.getByText(`${ann.email} (verified)`)).toBeVisible();
    await phone.page.reload();
    await expect(phone.page.getByRole('heading', { name: 'Почта подтверждена' })).toBeVisible();
    await phone.page.getByRole('button', { name: 'Продолжить' }).click();
    await expect(phone.page.getByRole('heading', { name: /Вход/ })).toBeVisible();
  },
);
