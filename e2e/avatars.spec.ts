/** Pictures of people and groups: chosen, cropped, sent, seen by others at once, removed, or refused with a reason. */
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { colourAt, give, halves, type Picture, portrait } from './pictures';
import { expect, type Someone, test } from './world';

const WRITTEN = Buffer.from('This is a letter and not a picture.');
const MOVING = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH/C05FVFNDQVBFMi4wAwEAAAAsAAAAAAEAAQAAAgJEAQA7', 'base64');

const cutting = (page: Page): Locator => page.getByRole('dialog', { name: 'Crop the picture' });
const area = (page: Page): Locator => cutting(page).getByRole('application');
const shownOf = (place: Locator): Locator => place.locator('img[src*="/api/avatars/"]');

async function choose(page: Page, file: Picture): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: /^(Add|Change) picture$/ }).click();
  await (await chooser).setFiles(file);
}

/** Drops a file on the field, or pastes it from the clipboard. */
async function bring(page: Page, how: 'drop' | 'paste', file: { mimeType: string; bytes: number[] }): Promise<void> {
  await page.getByRole('group', { name: 'Picture' }).evaluate(
    (field, { how, mimeType, bytes }) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], 'picture', { type: mimeType }));
      const settings = { bubbles: true, cancelable: true };
      if (how === 'drop') field.dispatchEvent(new DragEvent('drop', { ...settings, dataTransfer: data }));
      else document.body.dispatchEvent(new ClipboardEvent('paste', { ...settings, clipboardData: data }));
    },
    { how, ...file },
  );
}

async function atSettings(one: Someone): Promise<void> {
  await one.page.goto('/settings');
  await one.page.getByRole('heading', { name: 'Profile' }).waitFor();
}

const save = (page: Page): Promise<void> => cutting(page).getByRole('button', { name: 'Save' }).click();

test('a picture is cropped by keys and sent; another browser shows it at once, also without a network', async ({
  pair,
}) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  const refused: string[] = [];
  page.on(
    'console',
    (message) => /Content Security Policy|TrustedScript/.test(message.text()) && refused.push(message.text()),
  );
  const row = bob.page.getByRole('navigation').getByRole('link', { name: 'Ann' });
  await atSettings(ann);
  // The camera was held sideways: upright, the picture is red above and blue below.
  await choose(page, await halves(page, 800, 400, 6));
  await expect(area(page)).toBeFocused();
  const canvas = area(page).locator('canvas');
  expect([await colourAt(canvas, 0.5, 0.1), await colourAt(canvas, 0.5, 0.9)]).toEqual(['red', 'blue']);
  expect(await violations(page)).toEqual([]);
  // Style sheets that load later do not change the order of the layers.
  await expect(cutting(page).getByRole('button', { name: 'Save' })).not.toHaveCSS(
    'background-color',
    'rgba(0, 0, 0, 0)',
  );
  const status = cutting(page).getByRole('status');
  await page.keyboard.press('+');
  await expect(status).toHaveText('Zoom 110%, centre at 50% across and 50% down');
  await page.keyboard.press('-');
  for (let n = 0; n < 12; n += 1) await page.keyboard.press('ArrowUp');
  await expect(status).toHaveText('Zoom 100%, centre at 50% across and 25% down');
  expect([await colourAt(canvas, 0.5, 0.1), await colourAt(canvas, 0.5, 0.9)]).toEqual(['red', 'red']);
  await cutting(page).getByRole('slider', { name: 'Zoom' }).press('End');
  await expect(cutting(page).getByRole('slider')).toHaveAttribute('aria-valuetext', '625 %');
  await save(page);
  await expect(cutting(page)).toBeHidden();
  await expect(page.getByRole('button', { name: 'Change picture' })).toBeFocused();
  await expect(shownOf(page.getByRole('group', { name: 'Picture' }))).toBeVisible();

  await expect(shownOf(row)).toBeVisible();
  await expect(shownOf(bob.page.getByRole('main').locator('header'))).toBeVisible();
  expect(await colourAt(shownOf(row), 0.5, 0.9)).toBe('red');
  await bob.page.reload();
  await expect(shownOf(row)).toBeVisible();
  await bob.context.setOffline(true);
  await bob.page.reload();
  expect(await colourAt(shownOf(row), 0.5, 0.9)).toBe('red');
  await bob.context.setOffline(false);

  await page.getByRole('button', { name: 'Remove picture' }).click();
  await expect(page.getByRole('button', { name: 'Add picture' })).toBeFocused();
  await expect(shownOf(page.getByRole('group', { name: 'Picture' }))).toHaveCount(0);
  await expect(shownOf(row)).toHaveCount(0);
  await expect(row).toContainText('A');
  expect(refused).toEqual([]);
});

test('pointer, wheel and two fingers move and size the picture', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone({ hasTouch: true });
  await one.signIn(ann.email);
  const { page } = one;
  await atSettings(one);
  await choose(page, await halves(page, 1600, 800));
  const canvas = area(page).locator('canvas');
  const slider = cutting(page).getByRole('slider');
  const box = await area(page).boundingBox();
  if (!box) throw new Error('no area');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  expect([await colourAt(canvas, 0.1, 0.5), await colourAt(canvas, 0.9, 0.5)]).toEqual(['red', 'blue']);
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x - 100, y, { steps: 5 });
  await page.mouse.move(x - 200, y, { steps: 5 });
  await page.mouse.up();
  expect([await colourAt(canvas, 0.1, 0.5), await colourAt(canvas, 0.9, 0.5)]).toEqual(['blue', 'blue']);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, -277);
  await expect(slider).toHaveAttribute('aria-valuetext', '200 %');
  await page.mouse.wheel(0, 1000);
  await expect(slider).toHaveAttribute('aria-valuetext', '100 %');
  const touch = await one.context.newCDPSession(page);
  const fingers = (type: 'touchStart' | 'touchMove' | 'touchEnd', apart?: number) =>
    touch.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: apart ? [-1, 1].map((side, id) => ({ x: x + side * apart, y, id })) : [],
    });
  await fingers('touchStart', 30);
  for (const apart of [45, 60, 75, 90]) await fingers('touchMove', apart);
  await fingers('touchEnd');
  await expect(slider).toHaveAttribute('aria-valuetext', '300 %');
});

test('a group has a picture: its owner drops one, members see it and who did it, and cannot change it', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const group = await server.call<{ id: number }>(
    'POST',
    '/chats',
    { kind: 'group', name: 'Team', member_ids: [bob.id] },
    ann.token,
  );
  const [owner, member] = [await someone(), await someone()];
  await owner.signIn(ann.email);
  await member.signIn(bob.email);
  for (const one of [owner, member]) {
    await one.page.goto(`/chat/${group.id}`);
    await one.page.getByRole('button', { name: 'Members', exact: true }).click();
    await one.panel().getByRole('listitem').first().waitFor();
  }
  await expect(member.panel().getByText('Bob')).toBeVisible();
  await expect(member.page.getByRole('group', { name: 'Picture' })).toHaveCount(0);
  await member.page.keyboard.press('Escape');
  const { mimeType, buffer } = await portrait(owner.page, 40);
  await bring(owner.page, 'drop', { mimeType, bytes: [...buffer] });
  await expect(area(owner.page)).toBeFocused();
  expect(await violations(owner.page)).toEqual([]);
  await save(owner.page);
  await expect(cutting(owner.page)).toBeHidden();
  for (const { page } of [owner, member]) {
    await expect(shownOf(page.getByRole('navigation').getByRole('link', { name: 'Team' }))).toBeVisible();
    await expect(page.getByRole('main').getByText('Ann changed the group’s picture')).toBeAttached();
  }
  await give(server, '/users/me', await portrait(owner.page, 200), bob.token);
  await expect(shownOf(owner.panel().getByRole('listitem').filter({ hasText: 'Bob' }))).toBeVisible();
  await owner.page.getByRole('button', { name: 'Remove picture' }).click();
  await expect(shownOf(member.page.getByRole('navigation').getByRole('link', { name: 'Team' }))).toHaveCount(0);
  await expect(member.page.getByRole('main').getByText('Ann removed the group’s picture')).toBeVisible();
});

test('a wrong, too large, damaged, animated or refused file gets its own message', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  const { page } = one;
  await atSettings(one);
  const alert = page.getByRole('alert');
  await choose(page, { name: 'letter.txt', mimeType: 'text/plain', buffer: WRITTEN });
  await expect(alert).toHaveText(/is not a picture/);
  await choose(page, { name: 'photo.jpg', mimeType: 'image/jpeg', buffer: WRITTEN });
  await expect(alert).toHaveText(/cannot be opened. The file is damaged/);
  await page.getByRole('group', { name: 'Picture' }).evaluate((field) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(50_000_001)], 'huge.png', { type: 'image/png' }));
    field.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }));
  });
  await expect(alert).toHaveText(/larger than 50 MB/);
  expect(await violations(page)).toEqual([]);

  await bring(page, 'paste', { mimeType: 'image/gif', bytes: [...MOVING] });
  await expect(cutting(page)).toContainText('Only the first frame');
  await expect(alert).toHaveCount(0);
  // The request loses the content of the file on its way.
  await page.route('**/api/users/me/avatar', (route) =>
    route.continue({ postData: Buffer.from(`RIFF\x30\0\0\0WEBP${'nothing'.repeat(9)}`, 'latin1') }),
  );
  await save(page);
  await expect(alert).toHaveText(/The server could not use this picture. Nothing has changed/);
  await page.unroute('**/api/users/me/avatar');
  await save(page);
  await expect(cutting(page)).toBeHidden();
  await expect(shownOf(page.getByRole('group', { name: 'Picture' }))).toBeVisible();
});

test('without a network the picture is kept: saving again sends it; an upload can be cancelled', async ({
  server,
  someone,
}) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  const { page } = one;
  await atSettings(one);
  await choose(page, await portrait(page, 120));
  await area(page).waitFor();
  const network = await one.context.newCDPSession(page);
  const carry = (bytesPerSecond: number) =>
    network.send('Network.emulateNetworkConditions', {
      offline: false,
      latency: 0,
      downloadThroughput: -1,
      uploadThroughput: bytesPerSecond,
    });
  await carry(500);
  const sending = page.waitForRequest((request) => request.method() === 'PUT');
  await save(page);
  const upload = await sending;
  await expect(cutting(page).getByRole('progressbar')).toBeVisible();
  await expect(cutting(page).getByRole('button', { name: 'Save' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect.poll(() => upload.failure()?.errorText).toBe('net::ERR_ABORTED');
  await expect(cutting(page)).toBeHidden();
  await carry(-1);
  await expect(page.getByRole('button', { name: 'Add picture' })).toBeFocused();

  await choose(page, await portrait(page, 120));
  await area(page).waitFor();
  await one.context.setOffline(true);
  await save(page);
  await expect(cutting(page).getByRole('alert')).toHaveText(/The server cannot be reached/);
  await one.context.setOffline(false);
  await save(page);
  await expect(cutting(page)).toBeHidden();
  await expect(shownOf(page.getByRole('group', { name: 'Picture' }))).toBeVisible();
});
