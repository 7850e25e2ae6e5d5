/** The gallery of a chat: its photos and files by months, by mouse, by keys and by finger, as they come and go. */
import type { Page } from '@playwright/test';
import { violations } from './axe';
import { scene } from './pictures';
import { sendTone } from './recordings';
import { LATER } from './sending';
import { PHONE, say } from './talk';
import { expect, type Server, type Someone, test } from './world';

const button = (page: Page) => page.getByRole('button', { name: 'Photos and files' });
const tab = (page: Page, name: string) => page.getByRole('tab', { name });
const shown = (page: Page) => page.getByRole('tabpanel');
const items = (page: Page) => shown(page).getByRole('listitem');
const viewer = (page: Page, n: number, all: number) =>
  page.getByRole('dialog', { name: all > 1 ? `Photo ${n} of ${all}` : 'Photo' });

/** Creates a group of Ann and Bob in which Ann has sent two photos, a file and a program. */
async function den(server: Server, page: Page) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const body = { kind: 'group', name: 'Den', member_ids: [bob.id] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  const photos: number[] = [];
  for (const hue of [30, 200]) {
    const { buffer, name } = await scene(page, hue, 800, 600);
    photos.push(await server.upload(buffer, { filename: name, as: 'photo' }, ann.token));
  }
  const plain = (filename: string) => server.upload(Buffer.from(filename), { filename }, ann.token);
  const files = [await plain('plan.txt'), await plain('setup.exe')];
  await say(server, ann, id, 'the first words');
  let sentAt = '';
  for (const [n, one] of photos.entries())
    ({ sent_at: sentAt } = await say(server, ann, id, `photo ${n + 1}`, {
      files: [{ id: one, alt: n ? 'The lake' : '' }],
    }));
  await say(server, ann, id, 'two files', { files: files.map((one) => ({ id: one })) });
  return { ann, bob, id, photos, sentAt };
}

async function opened(server: Server, one: Someone) {
  const all = await den(server, one.page);
  await one.signIn(all.bob.email);
  await one.page.goto(`/chat/${all.id}`);
  await expect(one.message('two files')).toBeVisible(LATER);
  return all;
}

test('the gallery is gone through by keys alone, and gives the focus back', async ({ server, someone }) => {
  const one = await someone();
  const { id, sentAt } = await opened(server, one);
  const { page } = one;
  await button(page).focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/gallery$`));
  const panel = page.getByRole('complementary', { name: 'Photos and files' });
  await expect(panel.getByRole('heading', { name: 'Photos and files' })).toBeFocused();
  await expect(items(page)).toHaveCount(2, LATER);
  const month = new Date(sentAt).toLocaleString('en-US', { month: 'long', year: 'numeric' });
  await expect(shown(page).getByRole('heading', { name: month })).toBeVisible();
  await expect(items(page).nth(0).getByRole('link')).toHaveAccessibleName(/^The lake\. /);
  await expect(items(page).nth(1).getByRole('link')).toHaveAccessibleName(/^Photo from Ann\. /);
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Tab');
  await expect(tab(page, 'Photos')).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(items(page).nth(0).getByRole('link')).toBeFocused();
  await page.keyboard.press('End');
  await expect(items(page).nth(1).getByRole('link')).toBeFocused();
  await page.keyboard.press('Home');
  await expect(items(page).nth(0).getByRole('link')).toBeFocused();
  await page.keyboard.press('Enter');
  // The viewer begins with the oldest.
  await expect(viewer(page, 2, 2)).toBeVisible(LATER);
  await expect(viewer(page, 2, 2).getByRole('status')).toContainText('The lake');
  await page.keyboard.press('ArrowLeft');
  await expect(viewer(page, 1, 2)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(items(page).nth(0).getByRole('link')).toBeFocused();
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.press('ArrowRight');
  await expect(tab(page, 'Files')).toBeFocused();
  await expect(tab(page, 'Files')).toHaveAttribute('aria-selected', 'true');
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/gallery/files$`));
  await expect(items(page)).toHaveCount(2, LATER);
  await expect(items(page).nth(1)).toContainText('plan.txt');
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('ArrowLeft');
  await expect(tab(page, 'Photos')).toBeFocused();
  await page.keyboard.press('End');
  await expect(shown(page)).toContainText('No voice messages yet', LATER);
  expect(await violations(page)).toEqual([]);
  // Tabs are no steps on the way back.
  await page.keyboard.press('Escape');
  await expect(panel).toHaveCount(0);
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  await expect(button(page)).toBeFocused();
});

test('a file leads to its message, is saved, and asks before it would run', async ({ server, someone }) => {
  const one = await someone();
  const { id } = await opened(server, one);
  const { page } = one;
  await page.goto(`/chat/${id}/gallery/files`);
  await expect(items(page)).toHaveCount(2, LATER);
  const saving = page.waitForEvent('download');
  await items(page).nth(1).getByRole('link').click();
  expect((await saving).suggestedFilename()).toBe('plan.txt');
  await items(page).nth(0).getByRole('link').click();
  await expect(page.getByRole('alertdialog')).toContainText('can run a program');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('alertdialog')).toHaveCount(0);
  await items(page).nth(1).getByRole('button', { name: 'Show plan.txt in the chat' }).click();
  // The panel stays where there is room for both.
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/\\d+/gallery/files$`));
  await expect(items(page)).toHaveCount(2);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/gallery/files$`));
  await page.goForward();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/\\d+/gallery/files$`));
});

test('links are listed as they come, change and go, but none that is hidden', async ({ server, someone }) => {
  const one = await someone();
  const { ann, bob, id } = await den(server, one.page);
  const site = 'https://site.invalid/a';
  const { seq } = await say(server, ann, id, `the plan: [a map](${site}) and ||https://secret.invalid||`);
  await one.signIn(bob.email);
  const { page } = one;
  await page.goto(`/chat/${id}/gallery/links`);
  await expect(items(page)).toHaveCount(1, LATER);
  await expect(items(page).getByRole('link')).toHaveAccessibleName(
    // Midnight may have passed since.
    /^a map\. site\.invalid\. Ann · (Today|Yesterday)$/,
  );
  await expect(items(page).getByRole('link')).toHaveAttribute('href', site);
  expect(await violations(page)).toEqual([]);
  const later = await say(server, ann, id, 'https://www.site.invalid/later');
  await expect(items(page)).toHaveCount(2, LATER);
  await expect(items(page).first()).toContainText('site.invalid/later');
  await items(page).first().getByRole('link').focus();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/${later.seq}/gallery/links$`));
  await server.call('PATCH', `/chats/${id}/messages/${seq}`, { text: 'no plan' }, ann.token);
  await expect(items(page)).toHaveCount(1, LATER);
  await server.call('DELETE', `/chats/${id}/messages/${later.seq}`, undefined, ann.token);
  await expect(shown(page)).toContainText('No links yet', LATER);
});

test('a voice message is played where it is listed, and leads to its place', async ({ server, someone }) => {
  const one = await someone();
  const { ann, bob, id } = await den(server, one.page);
  const { seq } = await sendTone(server, ann, id, 60);
  await one.signIn(bob.email);
  const { page } = one;
  await page.goto(`/chat/${id}/gallery/voice`);
  const player = shown(page).getByRole('group', { name: 'Voice message, 1:00' });
  await player.getByRole('button', { name: /^Play/ }).click(LATER);
  await expect(player.getByRole('button', { name: 'Pause' })).toBeVisible(LATER);
  await player.getByRole('button', { name: 'Pause' }).click();
  await expect(player.getByRole('button', { name: /^Play/ })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await items(page).getByRole('button', { name: 'Show Voice message, 1:00 in the chat' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/${seq}/gallery/voice$`));
});

test('on a phone it takes the page, and Back leads from a message to its tab', async ({ server, someone }) => {
  const one = await someone(PHONE);
  const { id } = await opened(server, one);
  const { page } = one;
  await button(page).tap();
  const whole = page.getByRole('main', { name: 'Photos and files' });
  await expect(items(page)).toHaveCount(2, LATER);
  expect(await violations(page)).toEqual([]);
  await items(page).nth(1).getByRole('link').tap();
  await expect(viewer(page, 1, 2)).toBeVisible(LATER);
  await page.goBack();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(whole).toBeVisible();
  await tab(page, 'Files').tap();
  await items(page).nth(0).getByRole('button', { name: 'Show setup.exe in the chat' }).tap();
  await expect(whole).toHaveCount(0);
  await expect(one.message('two files')).toBeVisible();
  await page.goBack();
  await expect(tab(page, 'Files')).toHaveAttribute('aria-selected', 'true');
  await expect(items(page)).toHaveCount(2);
  await page.getByRole('button', { name: 'Back' }).tap();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
});

test('photos come and go while the gallery is open, and it closes with the chat', async ({ server, someone }) => {
  const one = await someone();
  const { ann, bob, id, photos } = await opened(server, one);
  const { page } = one;
  await page.goto(`/chat/${id}/gallery`);
  await expect(items(page)).toHaveCount(2, LATER);
  const { seq } = await say(server, ann, id, '', { files: photos.map((id) => ({ id, alt: `again ${id}` })) });
  await expect(items(page)).toHaveCount(4, LATER);
  await expect(items(page).nth(0).getByRole('link')).toHaveAccessibleName(new RegExp(`^again ${photos[1]}\\.`));
  await items(page).nth(0).getByRole('link').focus();
  await server.call('DELETE', `/chats/${id}/messages/${seq}`, undefined, ann.token);
  await expect(items(page)).toHaveCount(2, LATER);
  await expect(items(page).nth(0).getByRole('link'), 'the focus stays in the list').toBeFocused();
  await server.call('DELETE', `/chats/${id}/members/${bob.id}`, undefined, ann.token);
  await expect(shown(page)).toHaveCount(0, LATER);
});

test('what cannot be loaded says so, and is tried again', async ({ server, someone }) => {
  const one = await someone();
  const { ann, id } = await opened(server, one);
  const { page } = one;
  await page.route('**/files?**', (route) => route.abort());
  // With the connection the list tries again by itself; it has one when this comes.
  await say(server, ann, id, 'the last words');
  await expect(one.message('the last words')).toBeVisible(LATER);
  await button(page).click();
  await expect(shown(page).getByRole('alert')).toContainText('The list could not be loaded.', LATER);
  expect(await violations(page)).toEqual([]);
  await page.unroute('**/files?**');
  await shown(page).getByRole('button', { name: 'Try again' }).click();
  await expect(items(page)).toHaveCount(2, LATER);
  await expect(page).toHaveURL(new RegExp(`/chat/${id}/gallery$`));
});

test('photos are counted once the whole list is known', async ({ server, someone }) => {
  const one = await someone();
  const { page } = one;
  const { ann, bob, id, photos } = await den(server, page);
  const files = Array.from({ length: 10 }, () => ({ id: photos[0] }));
  for (let n = 0; n < 12; n += 1) await say(server, ann, id, '', { files });
  await one.signIn(bob.email);
  await page.goto(`/chat/${id}/gallery`);
  await items(page).first().getByRole('link').click();
  // A page has a hundred.
  await expect(page.getByRole('dialog', { name: 'Photo', exact: true })).toBeVisible(LATER);
  await page.keyboard.press('Home');
  await expect(viewer(page, 23, 122)).toBeVisible(LATER);
});

test('three hundred photos are scrolled through: few are drawn, none moves', async ({ server, someone }) => {
  test.slow(); // many looks at a long list
  const one = await someone();
  const { page } = one;
  const { ann, bob, id, photos } = await den(server, page);
  const files = Array.from({ length: 10 }, (_, n) => ({ id: photos[n % 2], alt: '' }));
  for (let n = 0; n < 30; n += 1)
    await say(server, ann, id, '', { files: files.map((file, place) => ({ ...file, alt: `${n}/${place}` })) });
  await one.signIn(bob.email);
  await page.goto(`/chat/${id}/gallery`);
  await expect(items(page).first()).toBeVisible(LATER);
  // Read in one go: an item may leave the page between two questions.
  const drawn = () =>
    shown(page).evaluate((panel) =>
      [...panel.querySelectorAll('li')].map((li): [string, number] => {
        const top = li.offsetTop + (li.closest('section')?.offsetTop ?? 0);
        return [li.querySelector('a')?.getAttribute('aria-label') ?? '', top + li.offsetLeft / 10_000];
      }),
    );
  const places = new Map<string, number>();
  const look = async (): Promise<void> => {
    const now = await drawn();
    expect(now.length).toBeLessThan(120);
    for (const [name, top] of now) expect(top, name).toBe(places.get(name) ?? top);
    for (const [name, top] of now) places.set(name, top);
  };
  /** Says whether everything down to half a screen below what is seen is drawn. */
  const isDrawn = () =>
    shown(page).evaluate((panel) => {
      const [box, last] = [panel.firstElementChild as HTMLElement, [...panel.querySelectorAll('li')].at(-1)];
      const end = Math.min(box.scrollTop + box.clientHeight + 400, box.scrollHeight - 100);
      return (last?.getBoundingClientRect().bottom ?? 0) - box.getBoundingClientRect().top + box.scrollTop >= end;
    });
  while (places.size < 302) {
    await look();
    await shown(page).evaluate((panel) => panel.firstElementChild?.scrollBy(0, 500));
    await expect.poll(isDrawn, LATER).toBe(true);
  }
  // Back at the top everything is where it was.
  await items(page).first().getByRole('link').focus();
  await page.keyboard.press('Home');
  await expect(shown(page).getByRole('link', { name: '29/9.' })).toBeFocused();
  await look();
});
