/** My state in a chat: pinned, muted, archived, marked as unread; by menu, keys and finger, on all my devices. */
import { violations } from './axe';
import { expect, type Server, type Someone, test } from './world';

/** Creates Ann and her chats with Bob, Cid and Dan, the last one active last, with their next messages. */
async function withThree(server: Server) {
  const ann = await server.person('Ann');
  const chats = new Map<string, { id: number; token: string }>();
  for (const name of ['Bob', 'Cid', 'Dan']) {
    const { id: user_id, token } = await server.person(name);
    const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id }, ann.token);
    chats.set(name, { id, token });
  }
  const say = async (name: string, text: string): Promise<void> => {
    const { id = 0, token } = chats.get(name) ?? {};
    await server.call('POST', `/chats/${id}/messages`, { text, client_msg_id: crypto.randomUUID() }, token);
  };
  for (const name of chats.keys()) await say(name, 'hello');
  return { ann, say, chatOf: (name: string) => chats.get(name)?.id ?? 0 };
}

const rows = ({ page }: Someone) => page.getByRole('navigation').getByRole('listitem');
const row = (one: Someone, name: string) => rows(one).filter({ hasText: name });
const link = (one: Someone, name: string) => row(one, name).getByRole('link');
const unreadOf = (one: Someone, name: string) => row(one, name).getByRole('img', { name: /unread/ });
const shown = (one: Someone, ...names: string[]) => expect(rows(one)).toHaveText(names.map((name) => new RegExp(name)));
const archive = ({ page }: Someone) => page.getByRole('button', { name: /^Archive/ });

/** Chooses from the menu of a row, step by step. */
async function act(one: Someone, name: string, ...items: string[]): Promise<void> {
  await link(one, name).click({ button: 'right' });
  for (const item of items)
    await one.page
      .getByRole('menu')
      .getByRole(/notify me/i.test(item) ? 'menuitemradio' : 'menuitem', { name: item, exact: true })
      .click();
}

test('pins, mutes, archives on one device, and the other shows it', async ({ server, someone }) => {
  const { ann, say } = await withThree(server);
  const [one, other] = [await someone(), await someone()];
  await one.signIn(ann.email);
  await other.signIn(ann.email);
  await expect(other.page).toHaveTitle(/^\(3\)/);
  await act(one, 'Bob', 'Pin');
  await shown(other, 'Bob', 'Dan', 'Cid');
  await act(one, 'Cid', 'Mute');
  await expect(row(other, 'Cid').getByRole('img', { name: 'Muted', exact: true })).toBeVisible();
  await expect(other.page).toHaveTitle(/^\(2\)/);
  await say('Cid', 'quietly');
  await expect(row(other, 'Cid').getByRole('img', { name: '2 unread messages' })).toBeVisible();
  await expect(other.page).toHaveTitle(/^\(2\)/);
  await act(one, 'Dan', 'Archive');
  await shown(other, 'Bob', 'Cid');
  await expect(other.page).toHaveTitle(/^\(1\)/);
  await act(one, 'Cid', 'Archive');
  await shown(other, 'Bob');
  for (const { page } of [one, other]) expect(await violations(page)).toEqual([]);
  await say('Dan', 'I am back');
  await say('Cid', 'and I am not');
  await shown(other, 'Bob', 'Dan');
  await archive(other).click();
  await shown(other, 'Cid');
  await expect(archive(other)).toHaveAttribute('aria-pressed', 'true');
  await act(other, 'Cid', 'Unmute');
  await shown(one, 'Bob', 'Cid', 'Dan');
  await shown(other, 'Bob', 'Cid', 'Dan');
  await expect(archive(other)).toHaveCount(0);
});

test('a chat is muted for a time, and of each it is said what it notifies about', async ({ server, someone }) => {
  const { ann, chatOf } = await withThree(server);
  const one = await someone();
  await one.signIn(ann.email);
  await act(one, 'Bob', 'Mute for a time', 'Mute for 8 hours');
  const muted = row(one, 'Bob').getByRole('img', { name: /^Muted until .*\d/ });
  await expect(muted).toBeVisible();
  await expect(one.page.getByText(/^Muted until/)).toBeVisible();
  await one.page.getByRole('button', { name: 'Undo' }).click();
  await expect(muted).toHaveCount(0);
  await act(one, 'Cid', 'Notifications', 'Do not notify me');
  await expect(one.page).toHaveTitle(/^\(2\)/);
  await link(one, 'Cid').click({ button: 'right' });
  await one.page.getByRole('menuitem', { name: 'Notifications' }).press('ArrowRight');
  const items = one.page.getByRole('menuitemradio');
  await expect(items).toHaveCount(3);
  await expect(one.page.getByRole('menuitemradio', { checked: true })).toHaveText('Do not notify me');
  await expect(one.page.getByRole('menuitemradio', { checked: true })).toBeFocused();
  expect(await violations(one.page)).toEqual([]);
  await one.page.keyboard.press('Escape');
  await expect(one.page.getByRole('menuitem', { name: 'Notifications' })).toBeFocused();
  await one.page.keyboard.press('Escape');
  await expect(link(one, 'Cid')).toBeFocused();
  // A mute ends by the clock, without a frame of the server.
  const muted_until = new Date(Date.now() + 6000).toISOString();
  await server.call('PATCH', `/chats/${chatOf('Dan')}/my`, { muted_until }, ann.token);
  await expect(one.page).toHaveTitle(/^\(1\)/);
  await expect(one.page).toHaveTitle(/^\(2\)/, { timeout: 20_000 });
  await expect(row(one, 'Dan').getByRole('img', { name: /^Muted/ })).toHaveCount(0);
});

test('what was marked as unread stays so until it is opened anew', async ({ server, someone }) => {
  const { ann, say, chatOf } = await withThree(server);
  const [one, other] = [await someone(), await someone()];
  await one.signIn(ann.email);
  await other.signIn(ann.email);
  await one.open('Bob');
  await expect(unreadOf(one, 'Bob')).toHaveCount(0);
  await expect(unreadOf(other, 'Bob')).toHaveCount(0);
  await act(other, 'Bob', 'Mark as unread');
  await expect(row(one, 'Bob').getByRole('img', { name: '1 unread message' })).toBeVisible();
  // Reading in the open chat removes no mark.
  await say('Bob', 'more');
  await expect(one.message('more')).toBeVisible();
  const path = `/chats/${chatOf('Bob')}`;
  const mine = async () =>
    (await server.call<{ my: { read_seq: number; unread_from: number | null } }>('GET', path, undefined, ann.token)).my;
  await expect.poll(async () => (await mine()).read_seq).toBe(2);
  expect((await mine()).unread_from).toBe(1);
  for (const device of [one, other])
    await expect(row(device, 'Bob').getByRole('img', { name: '2 unread messages' })).toBeVisible();
  await one.page.keyboard.press('Escape');
  await one.open('Bob');
  await expect(one.page.locator('[data-unread]')).toBeVisible();
  for (const device of [one, other]) await expect(unreadOf(device, 'Bob')).toHaveCount(0);
  // Marking everything as read removes the unread marks too.
  await one.page.keyboard.press('Escape');
  await act(one, 'Bob', 'Mark as unread');
  await act(one, 'Cid', 'Archive');
  await one.page.keyboard.press('Shift+Escape');
  for (const name of ['Bob', 'Dan']) await expect(unreadOf(other, name)).toHaveCount(0);
  await archive(other).click();
  await shown(other, 'Cid');
  await expect(unreadOf(other, 'Cid')).toHaveCount(0);
});

test('keys do what the menu of the row in focus does, say so, and lose no focus', async ({ server, someone }) => {
  const { ann } = await withThree(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await link(one, 'Bob').focus();
  await page.keyboard.press('Alt+Shift+KeyP');
  await expect(page.getByText('Pinned at the top of the list')).toBeVisible();
  await shown(one, 'Bob', 'Dan', 'Cid');
  await expect(link(one, 'Bob')).toBeFocused();
  await link(one, 'Cid').focus();
  await page.keyboard.press('Alt+Shift+KeyP');
  await shown(one, 'Cid', 'Bob', 'Dan');
  await link(one, 'Bob').focus();
  await page.keyboard.press('Shift+F10');
  await page.getByRole('menuitem', { name: 'Move up' }).press('Enter');
  await expect(page.getByText('Moved to place 1')).toBeVisible();
  await shown(one, 'Bob', 'Cid', 'Dan');
  await expect(link(one, 'Bob')).toBeFocused();
  await page.keyboard.press('Alt+Shift+PageDown');
  await shown(one, 'Cid', 'Bob', 'Dan');
  await page.keyboard.press('Alt+Shift+PageUp');
  await shown(one, 'Bob', 'Cid', 'Dan');
  await expect(link(one, 'Bob')).toBeFocused();
  await link(one, 'Dan').focus();
  await page.keyboard.press('Alt+Shift+KeyU');
  await expect(unreadOf(one, 'Dan')).toHaveCount(0);
  await page.keyboard.press('Alt+Shift+KeyU');
  await expect(row(one, 'Dan').getByRole('img', { name: /unread/ })).toBeVisible();
  await page.keyboard.press('Alt+Shift+KeyM');
  await expect(row(one, 'Dan').getByRole('img', { name: 'Muted' })).toBeVisible();
  await page.keyboard.press('Alt+Shift+KeyA');
  await shown(one, 'Bob', 'Cid');
  await expect(link(one, 'Cid')).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await shown(one, 'Bob', 'Cid', 'Dan');
  // Without a focused row the act applies to the open chat, from the palette too.
  await one.open('Cid');
  await one.composer().focus();
  await page.keyboard.press('Alt+Shift+KeyP');
  await shown(one, 'Bob', 'Dan', 'Cid');
  await expect(row(one, 'Cid').getByRole('img', { name: 'Pinned' })).toHaveCount(0);
  await page.keyboard.press('Control+Shift+KeyP');
  await page.keyboard.insertText('archi');
  await page.keyboard.press('Enter');
  await shown(one, 'Bob', 'Dan');
});

test('what is chosen without a network shows at once, survives a reload, and arrives with the line', async ({
  server,
  someone,
}) => {
  const { ann } = await withThree(server);
  const [one, other] = [await someone(), await someone()];
  await one.signIn(ann.email);
  await other.signIn(ann.email);
  await shown(one, 'Dan', 'Cid', 'Bob');
  await one.context.setOffline(true);
  await act(one, 'Bob', 'Pin');
  await act(one, 'Cid', 'Mark as read');
  await shown(one, 'Bob', 'Dan', 'Cid');
  await expect(unreadOf(one, 'Cid')).toHaveCount(0);
  await shown(other, 'Dan', 'Cid', 'Bob');
  await one.context.setOffline(false);
  await shown(other, 'Bob', 'Dan', 'Cid');
  await expect(unreadOf(other, 'Cid')).toHaveCount(0);
  await one.page.reload();
  await shown(one, 'Bob', 'Dan', 'Cid');
});

test('on a phone a swipe archives or marks, and a finger that rests opens the menu', async ({ server, someone }) => {
  const { ann } = await withThree(server);
  const phone = await someone({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true });
  await phone.signIn(ann.email);
  const touch = await phone.context.newCDPSession(phone.page);
  const at = async (name: string) => {
    const box = await row(phone, name).boundingBox();
    return { x: 195, y: (box?.y ?? 0) + (box?.height ?? 0) / 2 };
  };
  const swipe = async (name: string, by: number): Promise<void> => {
    const { x, y } = await at(name);
    await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x, y }] });
    for (const part of [0.25, 0.5, 0.75, 1])
      await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + by * part, y }] });
    await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  };
  await shown(phone, 'Dan', 'Cid', 'Bob');
  await swipe('Dan', -120);
  await shown(phone, 'Cid', 'Bob');
  await swipe('Cid', 120);
  await expect(unreadOf(phone, 'Cid')).toHaveCount(0);
  await swipe('Bob', 40);
  await expect(unreadOf(phone, 'Bob')).toHaveCount(1);
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [await at('Bob')] });
  await expect(phone.page.getByRole('menuitem', { name: 'Pin' })).toBeVisible();
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(phone.page.getByRole('menuitem', { name: 'Pin' })).toBeVisible();
  await expect(phone.page.getByRole('main').getByRole('heading', { level: 1, name: 'Bob' })).toHaveCount(0);
});

/** Creates a group of Ann and Bob with messages of Bob. */
async function withGroup(server: Server) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const body = { kind: 'group', name: 'Den', member_ids: [bob.id] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  const messages = `/chats/${id}/messages`;
  const say = (text: string) =>
    server.call<{ seq: number }>(
      'POST',
      messages,
      { text, client_msg_id: crypto.randomUUID(), mentions: text.includes('@') ? [ann.id] : [] },
      bob.token,
    );
  const change = (seq: number, text: string) =>
    server.call('PATCH', `${messages}/${seq}`, { text, mentions: text.includes('@') ? [ann.id] : [] }, bob.token);
  const remove = (seq: number) => server.call('DELETE', `${messages}/${seq}`, undefined, bob.token);
  return { ann, say, change, remove };
}

test('a button and Alt+M step from mention to mention, and the badge falls with them', async ({ server, someone }) => {
  const { ann, say } = await withGroup(server);
  for (let n = 0; n < 75; n += 1) await say(n === 25 ? 'first @Ann' : n === 50 ? 'second @Ann' : `so ${n}.\nand on`);
  const one = await someone({ viewport: { width: 1280, height: 600 } });
  const { page } = one;
  await one.signIn(ann.email);
  const badge = (n: string) => row(one, 'Den').getByRole('img', { name: n, exact: true });
  await expect(badge('2 mentions')).toBeVisible();
  await one.open('Den');
  const next = page.getByRole('button', { name: /^Next of/ });
  await expect(next).toHaveAccessibleName('Next of 2 mentions');
  expect(await violations(page)).toEqual([]);
  await next.click();
  await expect(one.message('first @Ann')).toBeFocused();
  await expect(badge('1 mention')).toBeVisible();
  await page.keyboard.press('Alt+KeyM');
  await expect(one.message('second @Ann')).toBeFocused();
  await expect(row(one, 'Den').getByRole('img', { name: /mention/ })).toHaveCount(0);
  await expect(next).toHaveCount(0);
  await page.keyboard.press('Alt+KeyM');
  await expect(page.getByText('No unread mentions of you')).toBeVisible();
});

test('edits and deletions of others move the badge, also in a muted chat', async ({ server, someone }) => {
  const { ann, say, change, remove } = await withGroup(server);
  const one = await someone();
  await one.signIn(ann.email);
  const badge = row(one, 'Den').getByRole('img', { name: /mention/ });
  const { seq } = await say('plain words');
  await expect(row(one, 'Den')).toContainText('plain words');
  await act(one, 'Den', 'Mute');
  await act(one, 'Den', 'Archive');
  await expect(archive(one)).toBeVisible();
  await say('more of them');
  await expect(rows(one)).toHaveCount(0);
  await change(seq, 'words for @Ann');
  await expect(badge).toHaveAccessibleName('1 mention');
  await expect(one.page).toHaveTitle(/^\(1\)/);
  await say('and again @Ann');
  await expect(badge).toHaveAccessibleName('2 mentions');
  await change(seq, 'plain words again');
  await expect(badge).toHaveAccessibleName('1 mention');
  const last = await say('for @Ann too');
  await expect(badge).toHaveAccessibleName('2 mentions');
  await remove(last.seq);
  await expect(badge).toHaveAccessibleName('1 mention');
});
