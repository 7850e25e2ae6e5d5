/** Voice messages that are recorded: sent, kept through reloads, crashes and lost networks, deleted, brought back. */
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { OwnBrowser } from './killed';
import { keptParts, listen, microphone, players, recorded } from './recordings';
import { LATER } from './sending';
import { PASSWORD } from './server';
import { PHONE } from './talk';
import { expect, type Server, test } from './world';

const record = (page: Page) => page.getByRole('button', { name: 'Record a voice message' });
const bar = (page: Page) => page.getByRole('group', { name: 'Recording', exact: true });
const offer = (page: Page) => page.getByRole('group', { name: /^Recording of .*, not sent yet$/ });
const pause = (page: Page) => bar(page).getByRole('button', { name: 'Pause recording' });

/** Begins to record, and waits for so many kept seconds: the first may be the beginning of a file without any sound. */
async function begin(page: Page, seconds: number): Promise<void> {
  await record(page).click();
  await expect(pause(page)).toBeFocused(LATER);
  await expect.poll(() => keptParts(page), LATER).toBeGreaterThanOrEqual(seconds);
}

/** Opens the page anew by its service worker: then it has the recorder and the player without a server too. */
async function byWorker(page: Page): Promise<void> {
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.reload();
  await expect(record(page)).toBeVisible();
}

/** Creates Ann and Bob with a chat. */
async function couple(server: Server) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  return { ann, bob, id };
}

test('a recording is paused, listened to, continued and sent, and its author sees that it was heard', async ({
  pair,
}) => {
  const [ann, bob] = await pair();
  await begin(ann.page, 2);
  await expect(bob.page.getByRole('main').getByText('Ann is recording…')).toBeVisible(LATER);
  await pause(ann.page).click();
  const goOn = bar(ann.page).getByRole('button', { name: 'Go on recording' });
  await expect(goOn).toBeFocused();
  await expect(bar(ann.page).getByRole('status')).toHaveText('Recording paused');
  const before = await keptParts(ann.page);
  await listen(bar(ann.page));
  await goOn.click();
  await expect.poll(() => keptParts(ann.page), LATER).toBeGreaterThan(before);
  await bar(ann.page).getByRole('button', { name: 'Send' }).click();
  await expect(players(bob.page)).toHaveCount(1, LATER);
  await expect(ann.composer()).toBeFocused();
  await expect(players(ann.page).getByRole('img', { name: 'not listened to yet' })).toHaveCount(1);
  await players(bob.page).getByRole('button', { name: /^Play/ }).click();
  await expect(players(ann.page).getByRole('img', { name: 'not listened to yet' })).toHaveCount(0, LATER);
  // It is nowhere but in the chat.
  await expect.poll(() => keptParts(ann.page)).toBe(0);
  await ann.page.reload();
  await expect(players(ann.page)).toHaveCount(1);
  await expect(offer(ann.page)).toHaveCount(0);
});

test('it needs no mouse: a key begins, pauses and sends, another deletes', async ({ pair }) => {
  const [ann, bob] = await pair();
  await record(ann.page).focus();
  await ann.page.keyboard.press('Space');
  await expect(pause(ann.page)).toBeFocused(LATER);
  await expect.poll(() => keptParts(ann.page), LATER).toBeGreaterThan(0);
  await ann.page.keyboard.press('Space');
  await ann.page.keyboard.press('Tab');
  await expect(bar(ann.page).getByRole('button', { name: 'Send' })).toBeFocused();
  await ann.page.keyboard.press('Enter');
  await expect(players(bob.page)).toHaveCount(1, LATER);
  await expect(record(ann.page)).toBeVisible();
  await record(ann.page).focus();
  await ann.page.keyboard.press('Enter');
  await expect(pause(ann.page)).toBeFocused(LATER);
  await ann.page.keyboard.press('Escape');
  await expect(bar(ann.page)).toHaveCount(0);
  await expect(ann.composer()).toBeFocused();
});

test('a recording is offered after a reload: listened to, sent, once', async ({ pair }) => {
  const [ann, bob] = await pair();
  await begin(ann.page, 2);
  const seconds = await keptParts(ann.page);
  await ann.page.reload();
  await expect(offer(ann.page)).toHaveCount(1, LATER);
  expect(await recorded(ann.page)).toBeGreaterThanOrEqual(seconds - 1);
  await listen(offer(ann.page));
  await offer(ann.page).getByRole('button', { name: 'Send' }).click();
  await expect(players(bob.page)).toHaveCount(1, LATER);
  await expect(offer(ann.page)).toHaveCount(0);
  await expect.poll(() => keptParts(ann.page)).toBe(0);
});

test('two tabs that offer the same recording send it once', async ({ pair }) => {
  const [ann, bob] = await pair();
  await begin(ann.page, 2);
  await ann.page.reload();
  const second = await ann.context.newPage();
  await second.goto(ann.page.url());
  await expect(offer(ann.page)).toHaveCount(1, LATER);
  await expect(offer(second)).toHaveCount(1, LATER);
  await offer(ann.page).getByRole('button', { name: 'Send' }).click();
  await offer(second).getByRole('button', { name: 'Send' }).click();
  await expect(players(bob.page)).toHaveCount(1, LATER);
  await bob.say('after it');
  for (const page of [ann.page, second]) {
    await expect(page.locator('article').filter({ hasText: 'after it' })).toHaveCount(1, LATER);
    await expect(page.locator('article:not([data-seq])')).toHaveCount(0, LATER);
    await expect(players(page)).toHaveCount(1);
  }
});

test('a recording in a browser that is killed loses at most its last second', async ({ server }, { project }) => {
  const { ann, id } = await couple(server);
  const own = new OwnBrowser(project.use.launchOptions);
  const place = `${server.url}/chat/${id}`;
  const first = await own.open(place);
  await first.getByLabel('E-mail').fill(ann.email);
  await first.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await first.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(first.getByRole('textbox', { name: 'Message' })).toBeVisible();
  // A browser writes a new cookie half a minute late: this person signed in earlier.
  await own.close();
  const second = await own.open(place);
  await begin(second, 3);
  const kept = await keptParts(second);
  await own.kill();
  const third = await own.open(place);
  await expect(offer(third)).toHaveCount(1, LATER);
  expect(await keptParts(third)).toBeGreaterThanOrEqual(kept);
  // The length that is shown is that of its parts, of about a second each.
  expect(await recorded(third)).toBeGreaterThanOrEqual(kept - 1);
  await offer(third).getByRole('button', { name: 'Send' }).click();
  await expect(third.locator('article[data-seq]').getByRole('group', { name: /^Voice/ })).toHaveCount(1, LATER);
  await own.kill();
});

test('a recording without a network waits, plays, and goes out when it returns', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await byWorker(ann.page);
  await server.kill();
  await begin(ann.page, 1);
  await bar(ann.page).getByRole('button', { name: 'Send' }).click();
  await expect(players(ann.page)).toHaveCount(1);
  await listen(players(ann.page));
  await expect.poll(() => keptParts(ann.page), LATER).toBe(0);
  await ann.page.reload();
  await expect(players(ann.page)).toHaveCount(1);
  await server.start();
  await expect(players(bob.page)).toHaveCount(1, LATER);
  await expect(ann.page.locator('article[data-seq]')).toHaveCount(1, LATER);
});

test('a message that waits is taken back as a recording', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await byWorker(ann.page);
  await begin(ann.page, 1);
  await server.kill();
  await bar(ann.page).getByRole('button', { name: 'Send' }).click();
  await players(ann.page).hover();
  await ann.page.getByRole('button', { name: 'Cancel sending' }).click();
  await expect(offer(ann.page)).toHaveCount(1, LATER);
  await expect(players(ann.page)).toHaveCount(0);
  await server.start();
  await offer(ann.page).getByRole('button', { name: 'Send' }).click();
  await expect(players(bob.page)).toHaveCount(1, LATER);
});

test('a deleted recording comes back for ten seconds, and not after a reload', async ({ pair }) => {
  const [ann] = await pair();
  await begin(ann.page, 1);
  await bar(ann.page).getByRole('button', { name: 'Delete the recording' }).click();
  await expect(bar(ann.page)).toHaveCount(0);
  expect(await keptParts(ann.page)).toBe(0);
  await ann.page.getByRole('button', { name: 'Undo' }).click();
  await expect(offer(ann.page)).toHaveCount(1, LATER);
  await ann.page.reload();
  await expect(offer(ann.page)).toHaveCount(1, LATER);
  await offer(ann.page).getByRole('button', { name: 'Delete the recording' }).click();
  await expect(ann.page.getByText('Recording deleted').first()).toBeVisible();
  await expect.poll(() => keptParts(ann.page)).toBe(0);
  await ann.page.reload();
  await expect(record(ann.page)).toBeVisible();
  await expect(offer(ann.page)).toHaveCount(0);
});

test('a recording stays with its chat when another one is opened, and goes when its owner signs out', async ({
  server,
  someone,
}) => {
  const { ann, id } = await couple(server);
  const { id: saved } = await server.call<{ id: number }>('POST', '/chats', { kind: 'saved' }, ann.token);
  const one = await someone();
  await one.signIn(ann.email);
  await one.page.goto(`/chat/${id}`);
  await begin(one.page, 1);
  await one.page
    .getByRole('navigation')
    .getByRole('link', { name: /^Saved/ })
    .click();
  await expect(one.page).toHaveURL(new RegExp(`/chat/${saved}$`));
  await expect(record(one.page)).toBeVisible();
  await expect(offer(one.page)).toHaveCount(0);
  await one.open('Bob');
  await expect(offer(one.page)).toHaveCount(1, LATER);
  await one.page.goto('/settings');
  await one.page.getByRole('button', { name: 'Sign out' }).click();
  const sure = one.page.getByRole('alertdialog').getByRole('button', { name: 'Sign out' });
  await sure.click();
  await expect(one.page.getByRole('heading', { name: /Sign in/ })).toBeVisible(LATER);
  expect(await keptParts(one.page)).toBe(0);
});

test('a refused microphone says what to do, and is tried again', async ({ pair }) => {
  const [ann] = await pair();
  // As a browser answers whose owner has refused: that of these tests allows it to every page.
  await ann.page.evaluate(() => {
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = async () => {
      MediaDevices.prototype.getUserMedia = getUserMedia;
      throw new DOMException('', 'NotAllowedError');
    };
  });
  await record(ann.page).click();
  await expect(bar(ann.page).getByRole('alert')).toContainText('This page may not use the microphone', LATER);
  expect(await violations(ann.page)).toEqual([]);
  await bar(ann.page).getByRole('button', { name: 'Try again' }).click();
  await expect(pause(ann.page)).toBeFocused(LATER);
  await ann.page.keyboard.press('Escape');
  await expect(ann.composer()).toBeFocused();
});

test('a microphone that goes away leaves what was recorded', async ({ pair }) => {
  const [ann, bob] = await pair();
  // The stream of the page, which ends as it does when the microphone is pulled out.
  await ann.page.evaluate(() => {
    const { mediaDevices } = navigator;
    const { getUserMedia } = mediaDevices;
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await getUserMedia.call(mediaDevices, wanted);
      Object.assign(globalThis, { stream });
      return stream;
    };
  });
  await begin(ann.page, 1);
  await ann.page.evaluate(() => {
    for (const track of (globalThis as unknown as { stream: MediaStream }).stream.getTracks()) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  });
  await expect(bar(ann.page).getByRole('alert')).toContainText('The microphone has stopped', LATER);
  await bar(ann.page).getByRole('button', { name: 'Send' }).click();
  await expect(players(bob.page)).toHaveCount(1, LATER);
});

test('on a phone a finger records while it rests, and what it slides away is deleted', async ({ server, someone }) => {
  const { ann, bob, id } = await couple(server);
  const one = await someone(PHONE);
  await one.signIn(ann.email);
  await one.page.goto(`/chat/${id}`);
  const other = await someone();
  await other.signIn(bob.email);
  await other.page.goto(`/chat/${id}`);
  const touch = await microphone(one.page);
  await touch.down();
  await expect(bar(one.page).getByText('Release to send')).toBeVisible(LATER);
  await expect.poll(() => keptParts(one.page), LATER).toBeGreaterThan(0);
  await touch.up();
  await expect(players(other.page)).toHaveCount(1, LATER);
  await expect(bar(one.page)).toHaveCount(0);
  await touch.down();
  await expect.poll(() => keptParts(one.page), LATER).toBeGreaterThan(0);
  await touch.move(-120, 0);
  await expect(bar(one.page)).toHaveCount(0, LATER);
  await touch.up();
  await expect(one.page.getByRole('button', { name: 'Undo' })).toBeVisible();
  await touch.down();
  await expect(bar(one.page).getByText('Release to send')).toBeVisible(LATER);
  await touch.move(0, -120);
  await touch.up();
  await expect(pause(one.page)).toBeVisible();
  await bar(one.page).getByRole('button', { name: 'Delete the recording' }).tap();
  await expect(players(other.page)).toHaveCount(1);
});

for (const [locale, colorScheme, phone] of [
  ['en-GB', 'light', {}],
  ['ru-RU', 'dark', { ...PHONE, viewport: { width: 320, height: 640 } }],
] as const)
  test(`axe finds nothing in a recorder, and it fits: ${locale}`, async ({ server, someone }) => {
    const { ann, id } = await couple(server);
    const one = await someone({ ...phone, locale, colorScheme, reducedMotion: 'reduce' });
    await one.signIn(ann.email);
    await one.page.goto(`/chat/${id}`);
    const look = async (): Promise<void> => {
      expect(await violations(one.page)).toEqual([]);
      expect(await one.page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
    };
    await one.page.getByRole('button', { name: /^(Record a voice message|Записать голосовое сообщение)$/ }).click();
    const live = one.page.locator('[data-recorder]');
    await expect(live).toHaveAttribute('data-recorder', 'recording', LATER);
    await expect.poll(() => keptParts(one.page), LATER).toBeGreaterThan(0);
    await look();
    await live.getByRole('button', { name: /^(Pause recording|Приостановить запись)$/ }).click();
    await expect(live.getByRole('slider')).toHaveCount(1);
    await look();
    await one.page.reload();
    await expect(one.page.getByRole('group', { name: /^(Recording of|Запись)/ })).toHaveCount(1, LATER);
    await look();
  });
