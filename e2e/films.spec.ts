/** Films and animated pictures: sent, in their places before they load, played, wound, halted, and not playable. */
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { atRest, shiftsOf } from './boxes';
import { animation, film, stateOf } from './films';
import { type Picture, scene } from './pictures';
import { choose, LATER, link, send, tray } from './sending';
import { PHONE, say, scrollBy } from './talk';
import { expect, type Server, type Someone, test } from './world';

const tiles = (page: Page) => page.locator('article a[data-photo]');
const player = (page: Page) => page.locator('article video[controls]');
const moving = (page: Page) => page.locator('article video[loop]');

/** Waits until a film goes on; a short one may be at its end before the first look. */
async function plays(video: Locator): Promise<void> {
  const { at } = await stateOf(video);
  const hasGoneOn = async (): Promise<boolean> => {
    const now = await stateOf(video);
    // Not later: what is repeated begins anew.
    return now.hasEnded || now.at !== at;
  };
  await expect.poll(hasGoneOn, LATER).toBe(true);
}

/** Waits until a film is halted, not at its end. */
const isStill = (video: Locator) => expect.poll(async () => (await stateOf(video)).isHalted, LATER).toBe(true);

/** Gives Bob a message of Ann's for each list of pictures, and opens the chat as him. */
async function shown(
  server: Server,
  one: Someone,
  ...messages: Picture[][]
): Promise<(text: string) => Promise<unknown>> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  for (const pictures of messages) {
    const files = [];
    for (const { buffer, name, mimeType } of pictures) {
      const as = mimeType.startsWith('video') ? 'video' : 'photo';
      files.push({ id: await server.upload(buffer, { filename: name, filetype: mimeType, as }, ann.token) });
    }
    await say(server, ann, id, '', { files });
  }
  await one.signIn(bob.email);
  await one.page.goto(`/chat/${id}`);
  return (text) => say(server, ann, id, text);
}

test('a film is chosen, seen while it waits, sent, played by another person and wound', async ({ pair }) => {
  const [ann, bob] = await pair();
  // What this browser cannot open has no preview: it sends the film as an MP4 of a phone.
  const sent = { ...(await film(60)), name: 'walk.mp4', mimeType: 'video/mp4' };
  await choose(ann.page, sent);
  const preview = tray(ann.page).locator('video');
  await expect.poll(async () => (await stateOf(preview)).width, LATER).toBe(640);
  await ann.page.getByLabel('Description of walk.mp4').fill('The walk by the sea');
  await ann.say('Look');
  // A browser that is slow to open the film sends it without its size, and shows it when the server has made it.
  await expect(ann.message('Look').locator('video, a[data-photo]').first()).toBeVisible(LATER);
  await expect(tiles(bob.page)).toHaveAccessibleName('The walk by the sea', LATER);
  await expect(bob.page.getByRole('navigation')).toContainText('Video · Look');
  await expect(bob.message('Look')).toContainText('1:00', LATER);
  const sizeOf = (place: Locator) => place.evaluate((one) => [one.clientWidth, one.clientHeight]);
  const size = await sizeOf(tiles(bob.page));
  await tiles(bob.page).focus();
  await bob.page.keyboard.press('Enter');
  await expect(player(bob.page)).toBeFocused(LATER);
  await plays(player(bob.page));
  expect(await sizeOf(player(bob.page))).toEqual(size);
  // Space is the browser's own key for a film.
  await bob.page.keyboard.press('Space');
  await isStill(player(bob.page));
  await player(bob.page).evaluate((one) => {
    (one as HTMLVideoElement).currentTime = 5;
  });
  await expect.poll(() => player(bob.page).evaluate((one) => (one as HTMLVideoElement).seeking), LATER).toBe(false);
  await bob.page.keyboard.press('Space');
  await expect.poll(async () => (await stateOf(player(bob.page))).at, LATER).toBeGreaterThan(5);
  expect(await violations(bob.page)).toEqual([]);
});

test('as a file a film arrives as it was', async ({ pair }) => {
  const [ann, bob] = await pair();
  await choose(ann.page, { ...(await film(1)), name: 'walk.mp4', mimeType: 'video/mp4' });
  await ann.page.getByRole('checkbox', { name: 'Send as files, unchanged' }).check();
  await send(ann.page).click();
  await expect(link(bob.page, 'walk.mp4')).toHaveCount(1, LATER);
  await expect(tiles(bob.page)).toHaveCount(0);
});

test('nothing moves while an album with films loads, and the GIF in it begins to move', async ({ server, someone }) => {
  const one = await someone(PHONE);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await one.page.route('**/api/files/**', (route) => held.then(() => route.continue()));
  const pictures = [await film(5), await animation(), await scene(one.page, 0, 800, 600)];
  await shown(server, one, pictures);
  await expect(tiles(one.page)).toHaveCount(3);
  await expect(tiles(one.page).first()).toHaveAccessibleName('Video 1 of 3, 0:05 from Ann');
  await expect(tiles(one.page).nth(1)).toHaveAccessibleName('GIF 2 of 3 from Ann');
  await expect(one.page.locator('article').getByText('0:05')).toBeVisible(LATER);
  await atRest(one, 'article, article a');
  const boxes = () =>
    tiles(one.page).evaluateAll((all) => all.map((tile) => JSON.stringify(tile.getBoundingClientRect())));
  const before = await boxes();
  const shifts = await shiftsOf(one);
  release();
  const loaded = () =>
    tiles(one.page)
      .locator('img')
      .evaluateAll((all) => all.every((img) => (img as HTMLImageElement).naturalWidth > 0));
  await expect.poll(loaded, LATER).toBe(true);
  await plays(moving(one.page));
  expect(await boxes()).toEqual(before);
  expect(await shifts()).toEqual([]);
});

test('the film that was started last plays alone', async ({ server, someone }) => {
  const one = await someone();
  const long = await film(60);
  await shown(server, one, [long], [long]);
  await expect(tiles(one.page)).toHaveCount(2);
  await tiles(one.page).first().click();
  await plays(player(one.page));
  await tiles(one.page).last().click();
  await plays(player(one.page).last());
  await isStill(player(one.page).first());
  await player(one.page)
    .first()
    .evaluate((first) => (first as HTMLVideoElement).play());
  await isStill(player(one.page).last());
});

test('a film with other codecs plays by the luck of its reader', async ({ server, someone }) => {
  const one = await someone();
  await shown(server, one, [await film(4, 640, 360, 'webm')]);
  await tiles(one.page).click();
  await plays(player(one.page));
});

test('a film that does not play says so, is downloaded, and tried again', async ({ server, someone }) => {
  const one = await someone();
  await shown(server, one, [await film(3)]);
  await expect(tiles(one.page)).toHaveCount(1);
  await one.page.route('**/api/files/*/play', (route) => route.fulfill({ contentType: 'video/mp4', body: 'no film' }));
  await tiles(one.page).click();
  await expect(one.page.getByRole('alert')).toContainText('This browser cannot play it', LATER);
  expect(await violations(one.page)).toEqual([]);
  await one.page.unroute('**/api/files/*/play');
  const saving = one.page.waitForEvent('download');
  await one.page.getByRole('link', { name: /^Download film\.mp4/ }).click();
  expect((await saving).suggestedFilename()).toBe('film.mp4');
  await one.page.getByRole('button', { name: 'Try again' }).click();
  await plays(player(one.page));
});

test('an animated picture moves while it is in sight, and is halted by its button', async ({ server, someone }) => {
  const one = await someone();
  const hear = await shown(server, one, [await animation()]);
  await plays(moving(one.page));
  await one.page.getByRole('button', { name: 'Halt the animation' }).click();
  await isStill(moving(one.page));
  await one.page.getByRole('button', { name: 'Play the animation' }).click();
  await plays(moving(one.page));
  for (let n = 0; n < 25; n += 1) await hear(`line ${n}`);
  await expect(one.message('line 24')).toBeVisible(LATER);
  await scrollBy(one, 10_000);
  await isStill(moving(one.page));
  await scrollBy(one, -10_000);
  await plays(moving(one.page));
});

test('for a reader who wants less motion an animated picture is still until it is asked', async ({
  server,
  someone,
}) => {
  const one = await someone({ reducedMotion: 'reduce', colorScheme: 'dark', locale: 'ru-RU' });
  await shown(server, one, [await animation()]);
  const button = one.page.getByRole('button', { name: 'Запустить анимацию' });
  await expect(button).toBeVisible(LATER);
  await expect
    .poll(
      () =>
        tiles(one.page)
          .locator('img')
          .evaluate((img) => (img as HTMLImageElement).naturalWidth),
      LATER,
    )
    .toBe(320);
  expect((await stateOf(moving(one.page))).isHalted).toBe(true);
  expect(await violations(one.page)).toEqual([]);
  await button.click();
  await plays(moving(one.page));
});

test('small films open large, Space halts them, and they end when they are left', async ({ server, someone }) => {
  const one = await someone(PHONE);
  const { page } = one;
  await shown(server, one, [
    await film(60),
    await film(60, 360, 640),
    await animation(),
    await scene(page, 0, 800, 600),
  ]);
  await expect(tiles(page)).toHaveCount(4);
  await tiles(page).nth(1).tap();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toHaveAccessibleName('Video 2 of 4, 1:00', LATER);
  const large = dialog.locator('video');
  await plays(large);
  await page.keyboard.press('Space');
  await isStill(large);
  await page.keyboard.press('Space');
  await plays(large);
  expect(await violations(page)).toEqual([]);
  const left = await large.elementHandle();
  await page.keyboard.press('ArrowRight');
  await expect(dialog).toHaveAccessibleName('GIF 3 of 4');
  expect(await left?.evaluate((one) => (one as HTMLVideoElement).paused)).toBe(true);
  await plays(large);
  await page.keyboard.press('ArrowRight');
  await expect(dialog).toHaveAccessibleName('Photo 4 of 4');
  await page.keyboard.press('Home');
  await expect(dialog).toHaveAccessibleName('Video 1 of 4, 1:00');
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
});
