/** Visits the pages of the settings, for pictures and for accessibility checks. */
import type { Page } from '@playwright/test';
import { portrait } from './pictures';

export async function settingsScreens(
  page: Page,
  words: { picture: string; appearance: string },
  visit: (name: string) => Promise<void>,
): Promise<void> {
  await page.goto('/settings');
  await page.locator('section').first().waitFor({ state: 'attached' });
  await visit('settings');
  await page.goto('/settings/profile');
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: words.picture }).click();
  await (await chooser).setFiles(await portrait(page, 300));
  await page.getByRole('application').waitFor();
  await visit('crop');
  await page.keyboard.press('Escape');
  await page.goto('/settings/appearance');
  await page.getByRole('heading', { name: words.appearance }).waitFor();
  await visit('appearance');
  for (const name of ['notifications', 'privacy', 'devices', 'storage', 'space', 'about']) {
    await page.goto(`/settings/${name}`);
    await page.locator('section').last().waitFor();
    await visit(`settings-${name}`);
  }
  await page.goto('/settings/keys');
  await page.locator('section').last().waitFor();
  await visit('keys');
}
