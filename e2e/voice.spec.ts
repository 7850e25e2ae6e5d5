/** Voice messages that are listened to: the waveform, the next one, other chats, what was heard, what is gone. */
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { atRest } from './boxes';
import { players, plays, sendTone } from './recordings';
import { LATER } from './sending';
import { PHONE, readAll, say, talk } from './talk';
import { expect, type Someone, test } from './world';

const play = (page: Page, place = 0) => players(page).nth(place).getByRole('button', { name: /^Play/ });
const pause = (page: Page) => players(page).getByRole('button', { name: 'Pause' });
const slider = (page: Page, place = 0) => players(page).nth(place).getByRole('slider');
const unheard = (page: Page) => players(page).getByRole('img', { name: 'not listened to yet' });
/** Returns where a sound is, ms. */
const placeOf = (page: Page, place = 0) => slider(page, place).inputValue().then(Number);

/** Opens the chat of two people for both of them. */
async function opened(someone: () => Promise<Someone>, emails: readonly string[], chat: number): Promise<Someone[]> {
  const all: Someone[] = [];
  for (const email of emails) {
    const one = await someone();
    await one.signIn(email);
    await one.page.goto(`/chat/${chat}`);
    all.push(one);
  }
  return all;
}

test('a voice message is played, and its author sees that it was listened to', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 1);
  await sendTone(server, ann, chat, 3);
  const [author, listener] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  await expect(players(listener.page)).toHaveAccessibleName('Voice message, 0:03');
  await expect(listener.page.getByRole('navigation').getByRole('link')).toContainText('Voice message, 0:03');
  await expect(unheard(author.page)).toHaveCount(1);
  await expect(unheard(listener.page)).toHaveCount(1);
  await plays(listener.page, () => play(listener.page).click());
  await expect(unheard(listener.page)).toHaveCount(0);
  await expect(unheard(author.page)).toHaveCount(0, LATER);
  // At its end it is where it began.
  await expect(play(listener.page)).toHaveCount(1, LATER);
  await expect.poll(() => placeOf(listener.page)).toBe(0);
  await listener.page.reload();
  await expect(players(listener.page)).toHaveCount(1);
  await expect(unheard(listener.page)).toHaveCount(0);
});

test('the waveform is a slider, by keys and by the mouse, and a place is kept', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 0);
  await sendTone(server, ann, chat, 60);
  await sendTone(server, ann, chat, 30);
  const [, { page }] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  const first = slider(page);
  await expect(first).toHaveAttribute('aria-valuetext', '0:00 of 1:00');
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await expect(first).toHaveAttribute('aria-valuetext', '0:10 of 1:00');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('PageUp');
  await expect(first).toHaveAttribute('aria-valuetext', '0:35 of 1:00');
  // The arrows move the sound, not the focus to another message.
  await expect(first).toBeFocused();
  await play(page).click();
  await expect.poll(() => placeOf(page), LATER).toBeGreaterThan(35_000);
  const box = await first.boundingBox();
  await first.click({ position: { x: (box?.width ?? 0) / 4, y: 10 } });
  await expect.poll(() => placeOf(page), LATER).toBeLessThan(35_000);
  await expect.poll(() => placeOf(page), LATER).toBeGreaterThan(10_000);
  // Only one plays, and the other goes on later from where it was.
  await play(page, 1).click();
  await expect(pause(page)).toHaveCount(1);
  await expect.poll(() => placeOf(page, 1), LATER).toBeGreaterThan(0);
  expect(await placeOf(page)).toBeGreaterThan(10_000);
  await pause(page).click();
  await expect(pause(page)).toHaveCount(0);
});

test('the speed is kept for the next page', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 0);
  await sendTone(server, ann, chat, 60);
  const [, { page }] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  await play(page).click();
  const speed = players(page).getByRole('button', { name: /^Speed/ });
  await expect(speed).toHaveAccessibleName('Speed: 1×');
  await speed.click();
  await speed.click();
  await expect(speed).toHaveAccessibleName('Speed: 2×');
  await page.reload();
  await play(page).click();
  await expect(speed).toHaveAccessibleName('Speed: 2×');
});

test('one goes on to the next that was not listened to, also while another chat is open', async ({
  server,
  someone,
}) => {
  const { ann, bob, chat } = await talk(server, 0);
  const { id: other } = await server.call<{ id: number }>('POST', '/chats', { kind: 'saved' }, bob.token);
  for (const seconds of [2, 2, 60]) await sendTone(server, ann, chat, seconds);
  await server.call('PUT', `/chats/${chat}/messages/2/listened`, undefined, bob.token);
  const [, { page }] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  await expect(unheard(page)).toHaveCount(2);
  await play(page).click();
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Saved/ })
    .click();
  await expect(page).toHaveURL(new RegExp(`/chat/${other}$`));
  const strip = page.getByRole('group', { name: 'Voice message', exact: true });
  await expect(strip).toContainText('/ 1:00', LATER);
  await strip.getByRole('button', { name: 'Pause' }).click();
  // Not while it plays: without a sound the strip is gone.
  expect(await violations(page)).toEqual([]);
  await strip.getByRole('button', { name: 'Go to the voice message from Ann' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${chat}`));
  await expect(unheard(page)).toHaveCount(0);
  expect(await placeOf(page, 1)).toBe(0);
  await expect(strip).toHaveCount(0);
});

test('another tab of the browser stops what plays in this one', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 0);
  await sendTone(server, ann, chat, 60);
  const [, one] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  await play(one.page).click();
  await expect(pause(one.page)).toHaveCount(1);
  const second = await one.context.newPage();
  await second.goto(`/chat/${chat}`);
  await play(second).click();
  await expect(pause(second)).toHaveCount(1);
  await expect(pause(one.page)).toHaveCount(0);
});

test('a voice message that cannot be loaded says why, and is tried again', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 0);
  await sendTone(server, ann, chat, 5);
  const [, { page }] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  let answer: 'away' | 'gone' | 'there' = 'away';
  await page.route('**/api/files/**', (route) =>
    answer === 'there' ? route.continue() : answer === 'gone' ? route.fulfill({ status: 404 }) : route.abort(),
  );
  await play(page).click();
  await expect(players(page).getByRole('alert')).toHaveText('No connection', LATER);
  expect(await violations(page)).toEqual([]);
  answer = 'gone';
  await players(page).getByRole('button', { name: 'Try again' }).click();
  await expect(players(page).getByRole('alert')).toHaveText('This voice message is no longer there', LATER);
  answer = 'there';
  await plays(page, () => players(page).getByRole('button', { name: 'Try again' }).click());
});

test('a deleted voice message stops, and one that waits was listened to once the network is back', async ({
  server,
  someone,
}) => {
  const { ann, bob, chat } = await talk(server, 0);
  const { seq } = await sendTone(server, ann, chat, 60);
  const [author, { page }] = (await opened(someone, [ann.email, bob.email], chat)) as [Someone, Someone];
  await page.route('**/listened', (route) => route.abort());
  await play(page).click();
  // Here at once; the author hears of it when it has arrived.
  await expect(unheard(page)).toHaveCount(0);
  await expect(unheard(author.page)).toHaveCount(1);
  await page.unroute('**/listened');
  await expect(unheard(author.page)).toHaveCount(0, LATER);
  await server.call('DELETE', `/chats/${chat}/messages/${seq}`, undefined, ann.token);
  await expect(players(page)).toHaveCount(0);
  await page.getByRole('navigation').getByRole('link').first().focus();
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveCount(0);
});

test('the list does not move when the player comes', async ({ server, someone }) => {
  const { ann, bob, chat } = await talk(server, 30);
  await sendTone(server, ann, chat, 5);
  await say(server, ann, chat, 'the last one');
  await readAll(server, bob, chat);
  // A service worker would have the player already.
  const one = await someone({ serviceWorkers: 'block' });
  await one.signIn(bob.email);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await one.page.route(/assets\/Player-.*\.js/, (route) => held.then(() => route.continue()));
  await one.page.goto(`/chat/${chat}`);
  await expect(one.message('the last one')).toBeVisible();
  await expect(players(one.page)).toHaveCount(0);
  await atRest(one, 'article');
  const topOf = () => one.message('message 30.').evaluate((box) => box.getBoundingClientRect().top);
  const article = one.page.locator('article').nth(-2);
  const before = [await topOf(), await article.evaluate((box: HTMLElement) => box.offsetHeight)];
  release();
  await expect(players(one.page)).toHaveCount(1, LATER);
  expect([await topOf(), await article.evaluate((box: HTMLElement) => box.offsetHeight)]).toEqual(before);
});

for (const [locale, colorScheme, phone] of [
  ['en-GB', 'light', {}],
  ['ru-RU', 'dark', { ...PHONE, viewport: { width: 320, height: 640 } }],
] as const)
  test(`axe finds nothing in voice messages: ${locale}`, async ({ server, someone }) => {
    const { ann, bob, chat } = await talk(server, 0);
    await sendTone(server, ann, chat, 60);
    await sendTone(server, bob, chat, 5);
    const one = await someone({ ...phone, locale, colorScheme, reducedMotion: 'reduce' });
    await one.signIn(bob.email);
    await one.page.goto(`/chat/${chat}`);
    await expect(players(one.page)).toHaveCount(2);
    expect(await violations(one.page)).toEqual([]);
    await players(one.page).first().getByRole('button').first().click();
    await expect.poll(() => placeOf(one.page), LATER).toBeGreaterThan(0);
    expect(await violations(one.page)).toEqual([]);
    const overflow = await one.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBe(0);
  });
