/** What everyone's files take on the server, for administrators, and the limits that they set. */
import { randomBytes } from 'node:crypto';
import { violations } from './axe';
import { LATER, MIB, onServer } from './sending';
import { PHONE } from './talk';
import { expect, Someone, test } from './world';

test('an administrator sees who stores what, and limits a person', async ({ browser }) => {
  test.slow(); // axe looks at long lists
  await onServer({ FILES_TOTAL: '1GiB' }, async (server) => {
    const ann = await server.person('Ann');
    const bob = await server.person('Bob');
    const one = await Someone.arrives(browser, server, PHONE);
    const { page, context } = one;
    await one.signIn(ann.email);
    await page.goto('/settings/space');
    await expect(page.getByText('Files of all people: 0 bytes of 1 GB')).toBeVisible();
    await expect(page.getByText('No one has sent a file yet.')).toHaveCount(3);
    expect(await violations(page)).toEqual([]);

    const id = await server.upload(randomBytes(2 * MIB), { filename: 'film.bin' }, bob.token);
    const members = { kind: 'group', name: 'Den', member_ids: [] };
    const den = await server.call<{ id: number }>('POST', '/chats', members, bob.token);
    await server.call('POST', `/chats/${den.id}/messages`, { text: '', files: [{ id }] }, bob.token);
    await page.reload();
    await expect(page.getByRole('list', { name: 'Files by kind' })).toHaveText('Other files1 file, 2 MB');
    const row = page.getByRole('listitem').filter({ hasText: 'Bob' });
    await expect(row).toContainText('2 MB of 5 GB');
    await expect(page.getByText('A group of 1 member')).toBeVisible();

    await row.getByRole('button', { name: 'Limit of Bob' }).click();
    await row.getByText('Another limit').click();
    await row.getByLabel('Gigabytes').fill('much');
    await expect(row.getByRole('alert')).toBeVisible();
    await expect(row.getByRole('button', { name: 'Save' })).toBeDisabled();
    await row.getByLabel('Gigabytes').fill('0,5');
    expect(await violations(page)).toEqual([]);
    await row.getByLabel('Gigabytes').press('Enter');
    await expect(row).toContainText('2 MB of 512 MB');
    await expect(row.getByRole('button', { name: 'Limit of Bob' })).toBeFocused();
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await context.close();

    const other = await Someone.arrives(browser, server);
    await other.signIn(bob.email);
    await other.page.goto('/settings/storage');
    await expect(other.page.getByText('Your files on the server: 2 MB of 512 MB')).toBeVisible();
    await expect(other.page.getByRole('link', { name: 'Server space' })).toHaveCount(0);
    await other.context.close();
  });
});

test('the page on the space of the server says that there is no network, and goes on when it returns', async ({
  browser,
}) => {
  await onServer({}, async (server) => {
    const ann = await server.person('Ann');
    const one = await Someone.arrives(browser, server);
    const { page, context } = one;
    await one.signIn(ann.email);
    await page.goto('/settings/about');
    await expect(page.getByRole('link', { name: 'Server space' })).toBeVisible();
    await context.setOffline(true);
    await page.getByRole('link', { name: 'Server space' }).click();
    await expect(page.getByRole('alert')).toBeVisible(LATER);
    await expect(page.getByRole('button', { name: 'Try again' })).toBeVisible();
    await context.setOffline(false);
    await expect(page.getByText('Files of all people')).toBeVisible(LATER);
    await expect(page.getByRole('button', { name: 'Try again' })).toHaveCount(0);
    await context.close();
  });
});
