/** The e-mails of a server, and the screens that their links open. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Server, type Someone } from './world';

/**
 * Returns the links to a page in the e-mails to an address, once there are `least`: from the folder of a server that
 * sends no e-mail, or from the catcher.
 */
export async function links(server: Server, email: string, page: string, least = 1): Promise<[string, ...string[]]> {
  let found: string[] = [];
  await expect(() => {
    const letters = readdirSync(server.letters).map((name) =>
      readFileSync(join(server.letters, name), 'utf8').replace(/=\r?\n/g, ''),
    );
    found = letters
      .filter((letter) => letter.includes(`To: ${email}`))
      .flatMap((letter) => new RegExp(`http://\\S+/${page}#[\\w-]+`).exec(letter) ?? []);
    expect(found.length).toBeGreaterThanOrEqual(least);
  }).toPass();
  return found as [string, ...string[]];
}

/** Shows every page around e-mails to `visit(name)`. */
export async function letterScreens(
  { page }: Someone,
  server: Server,
  visit: (name: string) => Promise<void>,
): Promise<void> {
  const lena = await server.person('Лена');
  const submit = page.locator('form button[type=submit]');
  const heading = page.locator('h1:focus');
  await page.goto('/forgot');
  await submit.waitFor();
  await visit('forgot');
  await page.locator('input[name=email]').fill(lena.email);
  await submit.click();
  await heading.waitFor();
  await visit('forgot-sent');
  const [reset] = await links(server, lena.email, 'reset');
  const [verify] = await links(server, lena.email, 'verify');
  await page.goto(reset);
  await page.locator('input[name=password]').fill('1234567890');
  await submit.click();
  await page.getByRole('alert').waitFor();
  await visit('reset-weak');
  await page.locator('input[name=password]').fill('another long battery');
  await submit.click();
  await heading.waitFor();
  await visit('reset-done');
  await page.goto('/verify#nonsense');
  await heading.waitFor();
  await visit('link-gone');
  await page.route('**/api/auth/email/verify', (route) => route.abort());
  await page.goto(verify);
  await page.getByRole('alert').waitFor();
  await visit('verify-offline');
  await page.unroute('**/api/auth/email/verify');
  await page.locator('main button').first().click();
  await heading.waitFor();
  await visit('verified');
}
