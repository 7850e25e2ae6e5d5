/** Photos in messages: in their places before they load, opened, failed and tried again. */
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { atRest, shiftsOf } from './boxes';
import { scene } from './pictures';
import { LATER } from './sending';
import { PHONE, say } from './talk';
import { expect, type Server, type Someone, test } from './world';

/** Shapes of photos: width and height, px. */
const SHAPES = [
  [1600, 1200],
  [900, 1200],
  [1200, 1200],
  [2400, 800],
  [1200, 900],
  [700, 1400],
] as const;

const photos = (page: Page) => page.locator('article a[data-photo]');
const pictures = (page: Page) => page.locator('article a[data-photo] img');

/** Creates Ann and Bob with a chat, and uploads photos of Ann's. */
async function album(server: Server, page: Page, count: number) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const files: number[] = [];
  for (let n = 0; n < count; n += 1) {
    const [width, height] = SHAPES[n % SHAPES.length] ?? SHAPES[0];
    const { buffer, name } = await scene(page, n * 50, width, height);
    files.push(await server.upload(buffer, { filename: name, as: 'photo' }, ann.token));
  }
  return { ann, bob, id, files };
}

/** Waits until every photo on the page has loaded. */
const loaded = (page: Page): Promise<void> =>
  expect
    .poll(
      () => pictures(page).evaluateAll((all) => all.every((one) => (one as HTMLImageElement).naturalWidth > 0)),
      LATER,
    )
    .toBe(true);

test('an album of five is seen whole on a phone, and a photo is opened', async ({ server, someone }) => {
  const one = await someone(PHONE);
  const { ann, bob, id, files } = await album(server, one.page, 5);
  const sent = files.map((file, place) => ({ id: file, alt: place === 2 ? 'The hill in May' : '' }));
  await say(server, ann, id, 'From the walk', { files: sent });
  await one.signIn(bob.email);
  await expect(one.page.getByRole('navigation')).toContainText('5 photos · From the walk');
  await one.page.goto(`/chat/${id}`);
  await expect(photos(one.page)).toHaveCount(5);
  await expect(photos(one.page).nth(2)).toHaveAccessibleName('The hill in May');
  await expect(photos(one.page).nth(4)).toHaveAccessibleName('Photo 5 of 5 from Ann');
  await loaded(one.page);
  await atRest(one, 'article, article a');
  const width = one.page.viewportSize()?.width ?? 0;
  for (const photo of await photos(one.page).all()) {
    const box = await photo.boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(Math.min(box?.width ?? 0, box?.height ?? 0)).toBeGreaterThanOrEqual(40);
  }
  await photos(one.page).first().tap();
  const viewer = one.page.getByRole('dialog', { name: 'Photo 1 of 5' });
  await expect(viewer).toBeVisible(LATER);
  expect(await violations(one.page)).toEqual([]);
});

test('nothing moves while fifty photos load', async ({ server, someone }) => {
  const one = await someone();
  const { ann, bob, id, files } = await album(server, one.page, 6);
  for (const count of [1, 2, 3, 4, 5, 6, 1, 3, 5, 6, 2, 6, 6])
    await say(server, ann, id, count % 2 ? `${count} of them` : '', {
      files: Array.from({ length: count }, (_, n) => ({ id: files[(n + count) % files.length] })),
    });
  await one.signIn(bob.email);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await one.page.route('**/api/files/**', (route) => held.then(() => route.continue()));
  await one.page.goto(`/chat/${id}`);
  await expect(photos(one.page)).toHaveCount(50);
  // The pictures of messages far above are asked for when they come near.
  await pictures(one.page).evaluateAll((all) => {
    for (const img of all) img.setAttribute('loading', 'eager');
  });
  const tops = () =>
    one.page.locator('article').evaluateAll((all) => all.map((row) => row.getBoundingClientRect().top));
  await atRest(one, 'article');
  const before = await tops();
  const shifts = await shiftsOf(one);
  release();
  await loaded(one.page);
  expect(await tops()).toEqual(before);
  expect(await shifts()).toEqual([]);
});

test('a photo that does not load keeps its place and is tried again', async ({ server, someone }) => {
  const one = await someone();
  const { ann, bob, id, files } = await album(server, one.page, 2);
  await say(server, ann, id, 'Two of them', { files: files.map((file) => ({ id: file })) });
  await one.signIn(bob.email);
  await one.page.route(`**/api/files/${files[1]}/*`, (route) => route.abort());
  await one.page.goto(`/chat/${id}`);
  const again = one.page.getByRole('button', { name: 'The picture could not be loaded. Try again' });
  await expect(again).toHaveCount(1, LATER);
  // With the connection the page tries again by itself; it has one when this comes.
  await say(server, ann, id, 'That was all');
  await expect(one.message('That was all')).toBeVisible();
  await atRest(one, 'article, article a');
  await expect(again).toHaveCount(1);
  const before = await photos(one.page).last().boundingBox();
  expect(await violations(one.page)).toEqual([]);
  await one.page.unroute(`**/api/files/${files[1]}/*`);
  await again.focus();
  await one.page.keyboard.press('Enter');
  await expect(again).toHaveCount(0);
  await expect(photos(one.page).last()).toBeFocused();
  await loaded(one.page);
  await expect(pictures(one.page)).toHaveCount(2);
  expect(await photos(one.page).last().boundingBox()).toEqual(before);
});

test('photos that failed without a network come with it', async ({ server, someone }) => {
  const one = await someone();
  const { ann, bob, id, files } = await album(server, one.page, 1);
  await one.signIn(bob.email);
  await one.page.goto(`/chat/${id}`);
  await expect(one.composer()).toBeVisible();
  await one.page.route('**/api/files/**', (route) => route.abort());
  await say(server, ann, id, 'late', { files: files.map((file) => ({ id: file })) });
  await expect(one.page.getByRole('button', { name: /could not be loaded/ })).toHaveCount(1, LATER);
  await one.context.setOffline(true);
  await expect(one.page.getByText('No network since')).toBeVisible(LATER);
  await one.page.unroute('**/api/files/**');
  await one.context.setOffline(false);
  await loaded(one.page);
  await expect(pictures(one.page)).toHaveCount(1, LATER);
});

test('a long press on a photo selects its message', async ({ server, someone }) => {
  const one = await someone(PHONE);
  const { ann, bob, id, files } = await album(server, one.page, 1);
  await say(server, ann, id, '', { files: files.map((file) => ({ id: file })) });
  await one.signIn(bob.email);
  await one.page.goto(`/chat/${id}`);
  await expect(photos(one.page)).toHaveCount(1);
  await loaded(one.page);
  await atRest(one, 'article, article a');
  await rest(one);
  await expect(one.page.getByRole('group', { name: 'Selection' })).toBeVisible();
});

/** Rests a finger on the photo until its message is selected. */
async function rest({ page, context }: Someone): Promise<void> {
  const box = await photos(page).boundingBox();
  const touch = await context.newCDPSession(page);
  const point = { x: (box?.x ?? 0) + 40, y: (box?.y ?? 0) + 40 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  await expect(page.locator('[data-selecting=true]')).toHaveCount(1);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
}
