/** The viewer of photos: by keys, wheel and fingers, from one message to the next, and back to its place. */
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { scene } from './pictures';
import { LATER } from './sending';
import { PHONE, readAll, say } from './talk';
import { expect, type Server, type Someone, test } from './world';

/** Clicks twice where the mouse is. Sent one by one, the second click could be too late on a busy machine. */
async function clickTwice({ page, context }: Someone, x: number, y: number): Promise<void> {
  const hand = await context.newCDPSession(page);
  const send = (type: 'mousePressed' | 'mouseReleased', buttons: number, clickCount: number) =>
    hand.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', buttons, clickCount });
  const clicks = [1, 2].flatMap((count) => [send('mousePressed', 1, count), send('mouseReleased', 0, count)]);
  await Promise.all(clicks);
}

const tile = (page: Page, n: number) => page.locator('article a[data-photo]').nth(n);
const viewer = (page: Page, n: number, all: number) =>
  page.getByRole('dialog', { name: all > 1 ? `Photo ${n} of ${all}` : 'Photo' });

/** Returns how large the photo is drawn, px. */
const drawn = (open: Locator): Promise<number> =>
  open
    .locator('img')
    .last()
    .evaluate((img) => img.getBoundingClientRect().width);

/** Gives a chat two messages with two photos each, and opens it as the one who got them. */
async function shown(server: Server, one: Someone): Promise<void> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  for (const words of ['first', 'second']) {
    const files = [];
    for (const n of [1, 2]) {
      const { buffer, name } = await scene(one.page, words.length * 40 + n * 90, 1600, 1200);
      const uploaded = await server.upload(buffer, { filename: name, as: 'photo' }, ann.token);
      files.push({ id: uploaded, alt: n === 1 ? `The ${words} hill` : '' });
    }
    await say(server, ann, id, words, { files });
  }
  await one.signIn(bob.email);
  await one.page.goto(`/chat/${id}`);
  await expect(tile(one.page, 3)).toBeVisible(LATER);
}

test('photos are looked through by keys, and the focus returns to its tile', async ({ server, someone }) => {
  const one = await someone();
  await shown(server, one);
  const { page } = one;
  await tile(page, 1).focus();
  await page.keyboard.press('Enter');
  await expect(viewer(page, 2, 4)).toBeVisible(LATER);
  await page.keyboard.press('ArrowRight');
  await expect(viewer(page, 3, 4)).toBeVisible();
  await expect(viewer(page, 3, 4).getByRole('status')).toContainText('The second hill');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('End');
  await expect(viewer(page, 4, 4)).toBeVisible();
  await page.keyboard.press('ArrowRight');
  await expect(viewer(page, 4, 4), 'the last one').toBeVisible();
  await page.keyboard.press('Home');
  await expect(viewer(page, 1, 4)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(tile(page, 1)).toBeFocused();
});

test('a photo is enlarged and moved by keys, wheel and double click', async ({ server, someone }) => {
  const one = await someone();
  await shown(server, one);
  const { page } = one;
  await tile(page, 0).click();
  const open = viewer(page, 1, 4);
  await expect(open).toBeVisible(LATER);
  await expect.poll(() => drawn(open), LATER).toBeGreaterThan(100);
  const whole = await drawn(open);
  await page.keyboard.press('+');
  await expect.poll(() => drawn(open)).toBeGreaterThan(whole * 1.4);
  await page.keyboard.press('ArrowRight');
  await expect(open, 'arrows move an enlarged photo').toBeVisible();
  await page.keyboard.press('0');
  await expect.poll(() => drawn(open)).toBeCloseTo(whole, 0);
  await page.mouse.move(400, 400);
  await page.mouse.wheel(0, -600);
  await expect.poll(() => drawn(open)).toBeGreaterThan(whole * 2);
  await clickTwice(one, 400, 400);
  await expect.poll(() => drawn(open)).toBeCloseTo(whole, 0);
});

test('a photo is saved, leads to its message, and leaves when it is deleted', async ({ server, someone }) => {
  const one = await someone();
  await shown(server, one);
  const { page } = one;
  await tile(page, 0).click();
  await expect(viewer(page, 1, 4)).toBeVisible(LATER);
  const saving = page.waitForEvent('download');
  await viewer(page, 1, 4).getByRole('link', { name: 'Download' }).click();
  expect((await saving).suggestedFilename()).toMatch(/\.webp$/);
  await viewer(page, 1, 4).getByRole('button', { name: 'Next' }).click();
  await viewer(page, 2, 4).getByRole('button', { name: 'Show in the chat' }).click();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page).toHaveURL(/\/chat\/\d+/);
});

test('a finger swipes from one photo to the next, and down to close', async ({ server, someone }) => {
  const one = await someone(PHONE);
  await shown(server, one);
  const { page } = one;
  await tile(page, 0).tap();
  await expect(viewer(page, 1, 4)).toBeVisible(LATER);
  const swipe = (x: number, y: number) =>
    viewer(page, 1, 4)
      .or(viewer(page, 2, 4))
      .locator('img')
      .last()
      .evaluate(
        (img, by) => {
          const say = (type: string, part: number): void => {
            const at = { clientX: 200 + by.x * part, clientY: 400 + by.y * part };
            const given = { bubbles: true, pointerId: 1, pointerType: 'touch', isPrimary: true, button: 0, ...at };
            img.dispatchEvent(new PointerEvent(type, given));
          };
          // Only a real pointer can be captured.
          Element.prototype.setPointerCapture = () => {};
          say('pointerdown', 0);
          say('pointermove', 0.5);
          say('pointerup', 1);
        },
        { x, y },
      );
  await swipe(-120, 10);
  await expect(viewer(page, 2, 4)).toBeVisible();
  await swipe(120, 10);
  await expect(viewer(page, 1, 4)).toBeVisible();
  await swipe(5, 150);
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

/** Waits until a page is connected: what failed before is tried again then, without a press. */
const connected = (page: Page) =>
  new Promise<void>((resolve) => {
    page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        if (String(payload).includes('"type":"ready"')) resolve();
      }),
    );
  });

/** Gives a chat three messages with a photo each, far apart, and signs in as the one who got them. */
async function far(server: Server, one: Someone) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const seqs: number[] = [];
  const send = async (alt: string): Promise<void> => {
    const { buffer, name } = await scene(one.page, alt.length * 40, 400, 300);
    const file = await server.upload(buffer, { filename: name, as: 'photo' }, ann.token);
    seqs.push((await say(server, ann, id, '', { files: [{ id: file, alt }] })).seq);
  };
  for (const alt of ['the first hill', 'the second hill', 'the third hill']) {
    if (seqs.length) for (let n = 0; n < 70; n += 1) await say(server, ann, id, `line ${n}`);
    await send(alt);
  }
  await readAll(server, bob, id);
  await one.signIn(bob.email);
  const remove = (seq = 0) => server.call('DELETE', `/chats/${id}/messages/${seq}`, undefined, ann.token);
  return { id, seqs, send, remove };
}

test('the way leads beyond the loaded messages, and follows what arrives and is deleted', async ({
  server,
  someone,
}) => {
  const one = await someone();
  const { page } = one;
  const { id, seqs, send, remove } = await far(server, one);
  await page.goto(`/chat/${id}`);
  await expect(tile(page, 0)).toHaveAccessibleName('the third hill', LATER);
  await tile(page, 0).click();
  await expect(viewer(page, 3, 3)).toBeVisible(LATER);
  await page.keyboard.press('ArrowLeft');
  await expect(viewer(page, 2, 3).getByRole('status')).toContainText('the second hill');
  await page.keyboard.press('ArrowLeft');
  await expect(viewer(page, 1, 3).getByRole('status')).toContainText('the first hill');
  await send('the fourth hill');
  await expect(viewer(page, 1, 4)).toBeVisible(LATER);
  await remove(seqs[1]);
  await expect(viewer(page, 1, 3)).toBeVisible(LATER);
  await page.keyboard.press('End');
  await expect(viewer(page, 3, 3).getByRole('status')).toContainText('the fourth hill');
  await page.keyboard.press('ArrowLeft');
  await expect(viewer(page, 2, 3).getByRole('status')).toContainText('the third hill');
});

test('from the middle of a chat the way leads to both sides, once the server answers', async ({ server, someone }) => {
  const one = await someone(PHONE);
  const { page } = one;
  const { id, seqs } = await far(server, one);
  await page.route('**/api/chats/*/files?*', (route) => route.abort());
  const coming = connected(page);
  await page.goto(`/chat/${id}/${seqs[1]}`);
  await expect(tile(page, 0)).toHaveAccessibleName('the second hill', LATER);
  await coming;
  await tile(page, 0).tap();
  const again = page.getByRole('dialog', { name: 'Photo', exact: true }).getByRole('button', { name: 'Try again' });
  await expect(again).toBeVisible(LATER);
  expect(await violations(page)).toEqual([]);
  await page.unroute('**/api/chats/*/files?*');
  await again.tap();
  await expect(viewer(page, 2, 3)).toBeVisible(LATER);
  await page.keyboard.press('ArrowRight');
  await expect(viewer(page, 3, 3).getByRole('status')).toContainText('the third hill');
  await page.keyboard.press('Home');
  await expect(viewer(page, 1, 3).getByRole('status')).toContainText('the first hill');
});
