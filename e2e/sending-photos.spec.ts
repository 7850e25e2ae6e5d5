/** Photos that are sent: chosen, described, put in order, made smaller, kept without a network, shown at once. */
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { colourAt, halves, scene } from './pictures';
import { choose, downloaded, file, LATER, link, pairOn, send, tray } from './sending';
import { PHONE } from './talk';
import { expect, keptWords, test } from './world';

const photos = (page: Page) => page.locator('article a[data-photo]');
const alone = (page: Page) => page.getByRole('checkbox', { name: 'Send as files, unchanged' });

/** Waits until the browser can open the page without a server. */
const worker = (page: Page): Promise<void> => page.evaluate(async () => void (await navigator.serviceWorker.ready));

/** Notes the length and the metadata of each upload that a page begins. */
function uploads(page: Page): { length: number; as: string }[] {
  const all: { length: number; as: string }[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'POST' || !request.url().endsWith('/api/uploads')) return;
    const { 'upload-length': length, 'upload-metadata': told = '' } = request.headers();
    const as = /(?:^|,)as (\S+?)(?:,|$)/.exec(told)?.[1] ?? '';
    all.push({ length: Number(length), as: Buffer.from(as, 'base64').toString() });
  });
  return all;
}

test('two photos are described, sent with words, and seen by the other', async ({ pair }) => {
  const [ann, bob] = await pair();
  await choose(ann.page, await scene(ann.page, 0, 1600, 1200), await scene(ann.page, 90, 900, 1200));
  await expect(tray(ann.page).locator('img')).toHaveCount(2);
  await ann.page.getByLabel('Description of scene-90.jpg').fill('The hill in May');
  await ann.say('From the walk');
  await expect(tray(ann.page)).toHaveCount(0);
  await expect(photos(bob.page)).toHaveCount(2, LATER);
  await expect(photos(bob.page).first()).toHaveAccessibleName('Photo 1 of 2 from Ann');
  await expect(photos(bob.page).last()).toHaveAccessibleName('The hill in May');
  await expect(bob.message('From the walk')).toHaveCount(1);
  await expect(photos(ann.page)).toHaveCount(2);
  await expect(photos(ann.page).first()).toHaveAccessibleName('Photo 1 of 2');
});

test('a photo of a camera is made smaller and stays upright; as a file it arrives as it is', async ({ pair }) => {
  const [ann, bob] = await pair();
  const begun = uploads(ann.page);
  // The left half belongs on top.
  const large = await halves(ann.page, 4000, 3000, 6);
  await choose(ann.page, large);
  await send(ann.page).click();
  await expect(photos(bob.page)).toHaveCount(1, LATER);
  expect(begun).toEqual([{ length: expect.any(Number), as: 'photo' }]);
  expect(begun[0]?.length).toBeLessThan(large.buffer.length);
  const picture = photos(bob.page).locator('img').last();
  expect(await colourAt(picture, 0.5, 0.2)).toBe('red');
  expect(await colourAt(picture, 0.5, 0.8)).toBe('blue');
  await choose(ann.page, large);
  await alone(ann.page).check();
  await send(ann.page).click();
  await expect(link(bob.page, 'halves.jpg')).toHaveCount(1, LATER);
  expect(begun[1]).toEqual({ length: large.buffer.length, as: 'file' });
  expect((await downloaded(bob.page, 'halves.jpg')).equals(large.buffer)).toBe(true);
});

test('a photo is seen from the browser until that of the server has come', async ({ pair }) => {
  const [ann] = await pair();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await ann.page.route('**/api/files/**', (route) => held.then(() => route.continue()));
  await choose(ann.page, await scene(ann.page, 0, 1600, 1200));
  await send(ann.page).click();
  const waiting = ann.page.locator('article:not([data-seq]) img, article[data-seq] a[data-photo] img').first();
  await expect(waiting).toHaveAttribute('src', /^blob:/);
  // Not where it is: a message that was just sent rises.
  const sizeOf = (article: Locator) => article.evaluate((box: HTMLElement) => [box.offsetWidth, box.offsetHeight]);
  const before = await sizeOf(ann.page.locator('article').last());
  const sent = ann.page.locator('article[data-seq]');
  await expect(sent).toHaveCount(1, LATER);
  const own = sent.locator('img').first();
  const address = String(await own.getAttribute('src'));
  expect(address).toMatch(/^blob:/);
  await expect.poll(() => own.evaluate((img) => (img as HTMLImageElement).naturalWidth)).toBe(1600);
  expect(await sizeOf(sent)).toEqual(before);
  release();
  const served = sent.locator('img').last();
  await expect.poll(() => served.evaluate((img) => (img as HTMLImageElement).naturalWidth), LATER).toBeGreaterThan(0);
  // It is no longer kept in memory.
  const isOpen = () =>
    ann.page.evaluate(
      (at) =>
        fetch(at).then(
          () => true,
          () => false,
        ),
      address,
    );
  await expect.poll(isOpen).toBe(false);
});

test('photos that are sent without a network wait through a reload, and go out when it returns', async ({
  server,
  pair,
}) => {
  const [ann, bob] = await pair();
  await choose(ann.page, await scene(ann.page, 0, 1600, 1200), await scene(ann.page, 90, 900, 1200));
  await worker(ann.page);
  await server.kill();
  await ann.say('From the walk');
  await expect(ann.message('From the walk').locator('img[src^="blob:"]')).toHaveCount(2);
  // A message is shown half a second later at the latest, kept or not yet.
  await expect.poll(() => keptWords(ann.page, 'outbox')).toContain('From the walk');
  await ann.page.reload();
  await expect(ann.message('From the walk').locator('img[src^="blob:"]')).toHaveCount(2);
  await expect(ann.message('From the walk').getByRole('img', { name: 'Photo 2 of 2' })).toBeVisible();
  await server.start();
  await expect(photos(bob.page)).toHaveCount(2, LATER);
  await expect(ann.message('From the walk')).toHaveCount(1);
});

test('an upload of a smaller photo goes on after a reload in its middle', async ({ browser }) => {
  test.slow(); // the bytes come slowly on purpose
  await pairOn(browser, { FILES_RATE: '64KiB' }, async (_, ann, bob) => {
    const begun = uploads(ann.page);
    const { name, mimeType } = await scene(ann.page, 0, 10, 10);
    await choose(ann.page, { name, mimeType, buffer: await grain(ann.page, 2700, 400) });
    await send(ann.page).click();
    const progress = ann.page.getByRole('progressbar', { name: `Upload of ${name}` });
    await expect.poll(() => progress.getAttribute('aria-valuenow').then(Number), LATER).toBeGreaterThan(10);
    await ann.page.reload();
    await expect(photos(bob.page)).toHaveCount(1, { timeout: 90_000 });
    expect(begun).toHaveLength(1);
  });
});

test('photos are put in order by keys and by the mouse, left out, and taken back into the tray', async ({
  server,
  pair,
}) => {
  const [ann] = await pair();
  const [one, two, three] = [0, 60, 120].map((hue) => scene(ann.page, hue, 400, 300));
  await choose(ann.page, ...((await Promise.all([one, two, three])) as never[]));
  const names = () =>
    tray(ann.page)
      .getByRole('textbox')
      .evaluateAll((all) => all.map((box) => box.getAttribute('aria-label')));
  const named = (...hues: number[]) => hues.map((hue) => `Description of scene-${hue}.jpg`);
  await expect.poll(names).toEqual(named(0, 60, 120));
  await ann.page.getByRole('button', { name: 'Move scene-120.jpg back' }).focus();
  await ann.page.keyboard.press('Enter');
  await expect.poll(names).toEqual(named(0, 120, 60));
  const items = tray(ann.page).getByRole('listitem');
  await items.nth(2).locator('img').dragTo(items.nth(0).locator('img'));
  await expect.poll(names).toEqual(named(60, 0, 120));
  await ann.page.getByRole('button', { name: 'Remove scene-0.jpg' }).click();
  await server.kill();
  await ann.say('too early');
  await ann.message('too early').hover();
  await ann.page.getByRole('button', { name: 'Cancel sending' }).click();
  await expect.poll(names).toEqual(named(60, 120));
  await expect(tray(ann.page).locator('img')).toHaveCount(2);
  await expect(alone(ann.page)).not.toBeChecked();
});

test('a photo is pasted, and one that this browser cannot show goes out by its name', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { buffer } = await scene(ann.page, 0, 400, 300);
  await ann.page.locator('main form textarea').evaluate(
    (area, bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([new Uint8Array(bytes)], 'hill.jpg', { type: 'image/jpeg' }));
      // Not a picture, whatever its type says.
      data.items.add(new File(['x'], 'odd.png', { type: 'image/png' }));
      area.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, clipboardData: data }));
    },
    [...buffer],
  );
  await expect(tray(ann.page)).toContainText('odd.png');
  await expect(tray(ann.page).locator('img')).toHaveCount(1);
  await ann.say('pasted');
  await expect(link(bob.page, 'odd.png')).toHaveCount(1, LATER);
  await expect(photos(bob.page)).toHaveCount(1);
});

test('photos that the browser has no room for are shown and sent from the open page', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  // As a browser with a full disk refuses what is large.
  await ann.page.addInitScript(() => {
    const { put } = IDBObjectStore.prototype;
    IDBObjectStore.prototype.put = function (...given) {
      if (given[0] instanceof Blob) throw new DOMException('full', 'QuotaExceededError');
      return put.apply(this, given);
    };
  });
  await ann.page.reload();
  // There is no room for a smaller one either.
  const large = await scene(ann.page, 0, 4000, 3000);
  const begun = uploads(ann.page);
  await choose(ann.page, large);
  await server.kill();
  await ann.say('no room');
  await expect(ann.message('no room')).toContainText('Keep this tab open until it is sent.');
  await expect(ann.message('no room').locator('img[src^="blob:"]')).toHaveCount(1);
  await server.start();
  await expect(photos(bob.page)).toHaveCount(1, LATER);
  expect(begun.at(-1)).toEqual({ length: large.buffer.length, as: 'photo' });
});

test('a photo that the full storage refuses says so and can be sent again', async ({ browser }) => {
  const limits = { FILES_QUOTA: '1200KiB' };
  await pairOn(browser, limits, async (_, ann, bob) => {
    await choose(ann.page, file('plan.bin', 1100 * 1024));
    await send(ann.page).click();
    await expect(link(bob.page, 'plan.bin')).toHaveCount(1, LATER);
    const { name, mimeType } = await scene(ann.page, 0, 10, 10);
    await choose(ann.page, { name, mimeType, buffer: await grain(ann.page, 1000, 800) });
    await ann.say('no room');
    await expect(ann.message('no room').getByRole('alert')).toContainText('of your storage are free', LATER);
    expect(await violations(ann.page)).toEqual([]);
    await ann.message('no room').getByRole('button', { name: 'Edit' }).click();
    await expect(tray(ann.page).locator('img')).toHaveCount(1);
    await expect(ann.message('no room')).toHaveCount(0);
  });
});

test('twelve photos go out as two messages', async ({ pair }) => {
  const [ann, bob] = await pair();
  const small = await scene(ann.page, 0, 300, 200);
  await choose(ann.page, ...Array.from({ length: 12 }, (_, n) => ({ ...small, name: `${n}.jpg` })));
  await ann.say('all of them');
  await expect(photos(bob.page)).toHaveCount(12, { timeout: 90_000 });
  await expect(bob.message('all of them').locator('a[data-photo]')).toHaveCount(10);
});

for (const [locale, colorScheme, phone] of [
  ['en-GB', 'light', {}],
  ['ru-RU', 'dark', PHONE],
] as const)
  test(`axe finds nothing in a tray of photos and a waiting album: ${locale}`, async ({ server, someone }) => {
    const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
    const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
    const one = await someone({ ...phone, locale, colorScheme, reducedMotion: 'reduce' });
    await one.signIn(ann.email);
    // It has the tray, which is loaded with the first file.
    await worker(one.page);
    await one.page.goto(`/chat/${id}`);
    await expect(one.page.locator('main form input[capture]')).toHaveCount(locale === 'ru-RU' ? 1 : 0);
    const picker = one.page.locator('main form input[type=file]').first();
    const five = await Promise.all([0, 40, 80, 120, 160].map((hue) => scene(one.page, hue, 400 + hue, 300)));
    await server.kill();
    await picker.setInputFiles(five);
    await one.composer().fill('waits');
    await one.page.locator('main form button[type=submit]').click();
    await expect(one.message('waits').locator('img')).toHaveCount(5);
    await picker.setInputFiles([...five, file('a.zip')]);
    await expect(one.page.locator('main form').getByRole('listitem')).toHaveCount(6);
    expect(await violations(one.page)).toEqual([]);
  });

/** Returns a JPEG that hardly compresses. */
async function grain(page: Page, width: number, height: number): Promise<Buffer> {
  const bytes = await page.evaluate(
    async ([width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const image = context.createImageData(width, height);
      for (let at = 0; at < image.data.length; at += 1) image.data[at] = at % 4 === 3 ? 255 : Math.random() * 256;
      context.putImageData(image, 0, 0);
      const file = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.5 });
      return [...new Uint8Array(await file.arrayBuffer())];
    },
    [width, height] as const,
  );
  return Buffer.from(bytes);
}
