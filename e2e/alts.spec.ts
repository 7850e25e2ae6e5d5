/** Descriptions of files, changed after the message was sent. */
import { violations } from './axe';
import { scene } from './pictures';
import { LATER } from './sending';
import { PHONE, say } from './talk';
import { expect, test } from './world';

for (const [size, options] of [
  ['a desktop', {}],
  ['a phone', PHONE],
] as const)
  test(`the author describes the files of a message on ${size}, and others hear of it`, async ({ server, someone }) => {
    const [one, other] = [await someone(options), await someone()];
    const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
    const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
    const files: { id: number }[] = [];
    for (const hue of [40, 200]) {
      const { buffer, name } = await scene(one.page, hue, 800, 600);
      files.push({ id: await server.upload(buffer, { filename: name, as: 'photo' }, ann.token) });
    }
    const { seq } = await say(server, ann, id, 'From the walk', { files });
    await other.signIn(bob.email);
    await other.page.goto(`/chat/${id}`);
    await expect(other.page.getByRole('link', { name: 'Photo 2 of 2 from Ann' })).toBeVisible(LATER);
    await one.signIn(ann.email);
    await one.page.goto(`/chat/${id}`);

    await one.choose('From the walk', 'Describe the files');
    const dialog = one.page.getByRole('dialog', { name: 'Descriptions of the files' });
    await expect(dialog.getByLabel('Photo 1 of 2')).toBeFocused();
    await expect(dialog.locator('img')).toHaveCount(2);
    expect(await violations(one.page)).toEqual([]);
    await dialog.getByLabel('Photo 2 of 2').fill('The hill in May');

    // The answer to the first attempt: the message was changed after the request had left this page.
    const path = `/chats/${id}/messages/${seq}`;
    await one.page.route(`**/api${path}`, async (route) => {
      await server.call('PATCH', path, { text: 'From our walk' }, ann.token);
      await route.continue();
    });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await expect(dialog.getByRole('alert')).toContainText('changed elsewhere');
    await one.page.unroute(`**/api${path}`);
    await dialog.getByLabel('Photo 2 of 2').press('Enter');
    await expect(dialog).toHaveCount(0);

    await expect(other.page.getByRole('link', { name: 'The hill in May' })).toBeVisible(LATER);
    await expect(other.message('From our walk')).toBeVisible();
  });

test('only the author may describe the files, and a deleted message closes the dialog', async ({ server, someone }) => {
  const [one, other] = [await someone(), await someone()];
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const file = await server.upload(Buffer.from('words'), { filename: 'words.txt', as: 'file' }, ann.token);
  const { seq } = await say(server, ann, id, 'Read this', { files: [{ id: file }] });
  await say(server, ann, id, 'without files');
  await other.signIn(bob.email);
  await other.page.goto(`/chat/${id}`);
  await other.message('Read this').click({ button: 'right' });
  await expect(other.page.getByRole('menuitem', { name: /^Reply/ })).toBeVisible();
  await expect(other.page.getByRole('menuitem', { name: 'Describe the files' })).toHaveCount(0);
  await one.signIn(ann.email);
  await one.page.goto(`/chat/${id}`);
  await one.message('without files').click({ button: 'right' });
  await expect(one.page.getByRole('menuitem', { name: /^Reply/ })).toBeVisible();
  await expect(one.page.getByRole('menuitem', { name: 'Describe the files' })).toHaveCount(0);
  await one.page.keyboard.press('Escape');
  await one.choose('Read this', 'Describe the files');
  await expect(one.page.getByRole('dialog').getByLabel('words.txt')).toBeFocused();
  await server.call('DELETE', `/chats/${id}/messages/${seq}`, undefined, ann.token);
  await expect(one.page.getByRole('dialog')).toHaveCount(0);
});
