/** On a phone: the ways back, the menu under a finger, and everything within 320 px. */
import { portrait } from './pictures';
import { expect, type Someone, test } from './world';

const PHONE = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };

async function phoneOf(
  server: Parameters<Parameters<typeof test>[2]>[0]['server'],
  someone: (options: typeof PHONE) => Promise<Someone>,
) {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await server.call('POST', `/chats/${id}/messages`, { text: 'hello', client_msg_id: crypto.randomUUID() }, bob.token);
  const phone = await someone(PHONE);
  await phone.signIn(ann.email);
  return { phone, chat: id, ann, bob };
}

test('back leads from the chat to the list and does not return', async ({ server, someone }) => {
  const { phone, chat } = await phoneOf(server, someone);
  const list = phone.page.getByRole('navigation');
  await phone.open('Bob');
  await expect(list).toBeHidden();
  await phone.page.goBack();
  await expect(list).toBeVisible();
  await phone.open('Bob');
  await phone.page.getByRole('button', { name: 'Back' }).click();
  await expect(list).toBeVisible();
  await phone.page.goForward();
  await expect(list).toBeHidden();
  expect(new URL(phone.page.url()).pathname).toBe(`/chat/${chat}`);
  await phone.page.getByRole('button', { name: 'Back' }).click();
  await expect(list).toBeVisible();
});

test('a tap opens the menu, a long press selects, a swipe answers or leads back to the list', async ({
  server,
  someone,
}) => {
  const { phone } = await phoneOf(server, someone);
  await phone.open('Bob');
  const box = (await phone.message('hello').locator('div').first().boundingBox()) ?? {
    x: 0,
    y: 0,
    width: 0,
    height: 0,
  };
  const touch = await phone.context.newCDPSession(phone.page);
  const point = { x: box.x + 20, y: box.y + 10 };
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [point] });
  const bar = phone.page.getByRole('group', { name: 'Selection' });
  await expect(bar).toContainText('1 selected');
  // Words of a selected message can be selected, by another press.
  const bubble = phone.message('hello').locator('[class*=bubble]');
  await expect(bubble).toHaveCSS('user-select', 'none');
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(bubble).toHaveCSS('user-select', 'text');
  await expect(bar).toContainText('1 selected');
  await bar.getByRole('button', { name: 'Cancel the selection' }).tap();
  await phone.message('hello').locator('[dir=auto]').tap();
  await expect(phone.page.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
  await phone.page.keyboard.press('Escape');
  const { x, y } = point;
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: x + 120, y }] });
  for (const by of [90, 60, 30, 0])
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x: x + by, y: y + 2 }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(phone.page.getByText('Reply to Bob')).toBeVisible();
  await expect(phone.message('hello')).toHaveCSS('translate', 'none');
  await touch.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [{ x: 40, y: 300 }] });
  for (const x of [80, 120, 160, 200])
    await touch.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: [{ x, y: 304 }] });
  await touch.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
  await expect(phone.page.getByRole('navigation')).toBeVisible();
});

test('every dialog fits 320 px, and what fingers touch is at least 44 px', async ({ server, someone }) => {
  const { phone, ann, bob } = await phoneOf(server, someone);
  const { page } = phone;
  const group = await server.call<{ id: number }>(
    'POST',
    '/chats',
    { kind: 'group', name: 'Den', member_ids: [bob.id] },
    ann.token,
  );
  const fits = async (name: string) => {
    const dialog = page.getByRole('dialog', { name });
    await expect(dialog).toBeVisible();
    const sizes = await dialog.evaluate((box) => ({
      own: box.scrollWidth - box.clientWidth,
      page: document.documentElement.scrollWidth,
      right: Math.round(box.getBoundingClientRect().right),
    }));
    expect(sizes).toEqual({ own: 0, page: 320, right: 308 });
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  };
  const small = () =>
    page.locator('button:visible, a:visible, input:visible').evaluateAll((all) =>
      all
        .map((one) => ({
          name: one.getAttribute('aria-label') ?? one.textContent,
          ...one.getBoundingClientRect().toJSON(),
        }))
        .filter((one) => one.height < 43.5 && !['Today', 'Go to a date'].includes(String(one.name)))
        .map((one) => `${one.name}: ${one.width} × ${one.height}`),
    );
  await expect.poll(small).toEqual([]);
  await page.getByRole('button', { name: 'New chat' }).click();
  await fits('New chat');
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('button', { name: 'New group' }).click();
  await fits('New group');
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('button', { name: 'Invite someone' }).click();
  await fits('Invite link');
  await page.keyboard.press('Control+k');
  await fits('Find a chat');
  await phone.open('Den');
  await page.getByRole('button', { name: 'Members', exact: true }).click();
  await expect(page.getByRole('main', { name: 'Members' }).getByRole('listitem').first()).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await expect.poll(small).toEqual([]);
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Add picture' }).click();
  await (await chooser).setFiles(await portrait(page, 40));
  const cutting = page.getByRole('dialog', { name: 'Crop the picture' });
  await expect(cutting).toContainText('pinch');
  await page.keyboard.press('Escape');
  await expect(cutting).toHaveCount(0);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/chat/${group.id}$`));
  await expect.poll(small).toEqual([]);
});

test('names and texts stay in their boxes at 320 px', async ({ server, someone }) => {
  const wide = 'W'.repeat(64);
  const [ann, bob] = [await server.person('Ann'), await server.person(wide)];
  const group = await server.call<{ id: number }>(
    'POST',
    '/chats',
    { kind: 'group', name: wide, member_ids: [bob.id] },
    ann.token,
  );
  const words = 'W'.repeat(300);
  const texts = [
    words,
    `> ${words}`,
    `\`${words}\``,
    `\`\`\`\n${words}\n\`\`\``,
    `https://e.test/${words}`,
    `[${wide}](https://${'w.'.repeat(100)}test)`,
  ];
  for (const text of [...texts, `piled a${'\u0301'.repeat(30)} я${'\u0336'.repeat(50)}`])
    await server.call('POST', `/chats/${group.id}/messages`, { text, client_msg_id: crypto.randomUUID() }, bob.token);
  const phone = await someone(PHONE);
  await phone.signIn(ann.email);
  // Lists elements that are wider than their box and neither cut nor scrolled there.
  const leaving = () =>
    phone.page
      .locator('body *')
      .evaluateAll((all) =>
        all
          .filter(
            (one) =>
              one.clientWidth > 1 &&
              one.scrollWidth > one.clientWidth + 1 &&
              getComputedStyle(one).overflowX === 'visible',
          )
          .map((one) => `${one.tagName}.${one.className}: ${one.scrollWidth} in ${one.clientWidth}`),
      );
  await expect(phone.page.getByRole('navigation')).toContainText(wide);
  expect(await leaving()).toEqual([]);
  await phone.open(wide);
  await expect(phone.message('piled')).toBeVisible();
  expect(await leaving()).toEqual([]);
  expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  expect(await phone.page.locator('body').textContent()).not.toMatch(/\p{M}{5}/u);
});
