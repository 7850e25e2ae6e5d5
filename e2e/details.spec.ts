/** Small things of the look: what is level with what, what covers what. */
import { boxOf, bubbleOf, isApart } from './boxes';
import { group, PHONE, readAll, say, talk } from './talk';
import { expect, test } from './world';

test('the time in the list is at the same height with a tick beside it and without', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  const direct = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await say(server, ann, id, 'of Ann');
  await say(server, bob, direct.id, 'of Bob');
  const one = await someone();
  await one.signIn(ann.email);
  const rows = one.page.getByRole('navigation').getByRole('listitem');
  await expect(rows.getByRole('img', { name: 'sent', exact: true })).toHaveCount(1);
  const heights = await rows.evaluateAll((all) =>
    all.map((row) => {
      const time = row.querySelector('time')?.getBoundingClientRect().top ?? 0;
      return time - row.getBoundingClientRect().top;
    }),
  );
  expect(heights).toHaveLength(2);
  expect(heights[0]).toBe(heights[1]);
});

test('the common reactions are in the open menu of a message, not beside it too', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, 'of Bob');
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Den');
  const common = one.page.getByRole('group', { name: 'React' });
  await bubbleOf(one, 'of Bob').hover();
  await expect(common).toHaveCount(1);
  await bubbleOf(one, 'of Bob').click({ button: 'right' });
  await expect(one.page.getByRole('menu').getByRole('group', { name: 'React' })).toBeVisible();
  await expect(common).toHaveCount(1);
});

test('on a phone the menu of a message is beside it, wherever the message is', async ({ server, someone }) => {
  const { ann, chat } = await talk(server, 40);
  await readAll(server, ann, chat);
  const phone = await someone(PHONE);
  await phone.signIn(ann.email);
  await phone.open('Bob');
  const menu = phone.page.getByRole('menu');
  for (let n = 30; n <= 40; n += 1) {
    const text = `message ${n}.`;
    await bubbleOf(phone, text).tap();
    await menu.waitFor();
    const { x, y, width, height } = (await menu.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    expect(y + height).toBeLessThanOrEqual(740);
    const box = { left: x, right: x + width, top: y, bottom: y + height };
    expect(isApart(box, await boxOf(phone, text)), text).toBe(true);
    await phone.page.getByRole('menuitem').last().scrollIntoViewIfNeeded();
    await expect(phone.page.getByRole('menuitem').last()).toBeInViewport();
    await phone.page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
  }
});
