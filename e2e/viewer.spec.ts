/** The viewer of photos: by keys, wheel and fingers, from one message to the next, and back to its place. */
import type { Locator, Page } from '@playwright/test';
import { violations } from './axe';
import { scene } from './pictures';
import { LATER } from './sending';
import { PHONE, say } from './talk';
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
