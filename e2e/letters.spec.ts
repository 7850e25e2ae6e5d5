/** Letters and their pages: a forgotten password, a verified address. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Server, test } from './world';

const NEXT = 'another long battery';

/** The links to a page in the letters to an address, which a server without mail leaves in its folder. */
async function links(server: Server, email: string, page: string, least = 1): Promise<string[]> {
  let found: string[] = [];
  await expect(() => {
    const folder = join(server.folder, 'mail');
    const letters = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8').replace(/=\r?\n/g, ''));
    found = letters
      .filter((letter) => letter.includes(`To: ${email}`))
      .flatMap((letter) => new RegExp(`http://\\S+/${page}#[\\w-]+`).exec(letter) ?? []);
    expect(found.length).toBeGreaterThanOrEqual(least);
  }).toPass();
  return found;
}

test('a forgotten password is replaced by a letter, and the other browser is signed out', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const other = await someone();
  await other.signIn(ann.email);
  const { page } = await someone();
  await page.goto('/');
  await page.getByRole('button', { name: 'Forgot the password' }).click();
  await page.getByLabel('E-mail').fill(ann.email);
  await page.getByRole('button', { name: 'Send the letter' }).click();
  await expect(page.getByRole('heading', { name: 'The letter is written' })).toBeVisible();
  await expect(page.getByText('This server sends no mail')).toBeVisible();
  const [link] = await links(server, ann.email, 'reset');
  await page.goto(link);
  await page.getByLabel('New password').fill('1234567890');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByRole('alert')).toContainText('too common');
  await page.getByLabel('New password').fill(NEXT);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByRole('heading', { name: 'The password is changed' })).toBeVisible();
  await expect(other.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await page.getByRole('button', { name: 'To the sign-in' }).click();
  await page.getByLabel('E-mail').fill(ann.email);
  await page.getByLabel('Password', { exact: true }).fill(NEXT);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('navigation')).toBeVisible();
  expect(new URL(page.url()).hash).toBe('');
});

test('a link that was used says so and leads on', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  await server.call('POST', '/auth/password/forgot', { email: ann.email });
  const [link] = await links(server, ann.email, 'reset');
  await server.call('POST', '/auth/password/reset', { token: link.split('#')[1], password: NEXT });
  const { page } = await someone();
  await page.goto(link);
  await page.getByLabel('New password').fill('yet another battery');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByRole('button', { name: 'Ask for a new letter' }).click();
  await expect(page.getByRole('button', { name: 'Send the letter' })).toBeVisible();
  await page.goto('/reset');
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  await page.goto('/verify#nonsense');
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
});

test('the settings ask for the address until its link was opened, in whatever browser', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  await one.page.goto('/settings');
  await expect(one.page.getByText('You have not verified this address yet.')).toBeVisible();
  await one.page.getByRole('button', { name: 'Send the letter again' }).click();
  const [link] = await links(server, ann.email, 'verify', 2);
  const phone = await someone({ locale: 'ru-RU' });
  await phone.page.goto(link);
  await expect(phone.page.getByRole('heading', { name: 'Почта подтверждена' })).toBeVisible();
  await expect(one.page.getByText('You have not verified this address yet.')).toBeHidden();
  await phone.page.reload();
  await expect(phone.page.getByRole('heading', { name: 'Почта подтверждена' })).toBeVisible();
  await phone.page.getByRole('button', { name: 'Дальше' }).click();
  await expect(phone.page.getByRole('heading', { name: /Вход/ })).toBeVisible();
});

test('without a network the page of a letter says so and goes on when it is back', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const [link] = await links(server, ann.email, 'verify');
  const { page } = await someone();
  await page.route('**/api/auth/email/verify', (route) => route.abort());
  await page.goto(link);
  await expect(page.getByRole('alert')).toContainText('cannot be reached');
  await page.unroute('**/api/auth/email/verify');
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'The address is verified' })).toBeVisible();
});
