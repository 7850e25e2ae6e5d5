/** What is over a conversation: marks, notices, labels of days, the way down, menus. They cover nothing. */
import { boxOf, bubbleOf, isApart } from './boxes';
import { group, PHONE, readAll, say } from './talk';
import { expect, test } from './world';

test('on a phone neither the mark of a selected message nor a notice covers anything', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  for (let n = 1; n <= 30; n += 1) await say(server, n % 2 ? ann : bob, id, `number ${n}. ${'wide '.repeat(20)}`);
  const one = await someone({ ...PHONE, viewport: { width: 320, height: 568 } });
  const { page } = one;
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('number 30.')).toBeInViewport();
  await one.choose('number 29.', 'Select');
  await one.message('number 30.').tap();
  for (const text of ['number 29.', 'number 30.']) {
    const mark = await one.message(text).locator('[class*=check]').boundingBox();
    if (!mark) throw new Error('no mark');
    const at = { left: mark.x, right: mark.x + mark.width, top: mark.y, bottom: mark.y + mark.height };
    expect(isApart(at, await boxOf(one, text)), text).toBe(true);
  }
  await page.getByRole('button', { name: 'Cancel the selection' }).tap();
  await page.getByRole('region').evaluate((box) => {
    box.scrollTop -= 800;
  });
  const down = page.getByRole('button', { name: 'Go to the newest messages' });
  await expect(down).toBeVisible();
  await page
    .locator('article')
    .filter({ hasText: /number 2\d\./ })
    .first()
    .click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Copy', exact: true }).click();
  const notice = await page.getByText('Copied').locator('..').boundingBox();
  const button = await down.boundingBox();
  if (!notice || !button) throw new Error('not there');
  expect(notice.x + notice.width).toBeLessThanOrEqual(button.x);
  expect(notice.x).toBeGreaterThanOrEqual(0);
});

test('the label of a day fades after scrolling where it covers words, and only there', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  for (let n = 1; n <= 40; n += 1) await say(server, bob, id, `line ${n}.`);
  await readAll(server, ann, id);
  const one = await someone({ viewport: { width: 1280, height: 600 } });
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('line 40.')).toBeInViewport();
  const list = one.page.getByRole('region');
  const label = list.getByRole('button', { name: 'Today' });
  const opacity = () => label.evaluate((element) => Number(getComputedStyle(element).opacity));
  await expect.poll(opacity).toBe(0);
  await list.evaluate((box) => {
    box.scrollTop -= 300;
  });
  await expect.poll(opacity).toBe(1);
  await expect.poll(opacity).toBe(0);
  // In its own place above the first message it stays.
  await list.evaluate((box) => {
    box.scrollTop = 0;
  });
  await expect.poll(opacity).toBe(1);
  const [day, first] = [await label.boundingBox(), await list.locator('h2 + div').boundingBox()];
  expect((day?.y ?? 0) + (day?.height ?? 0)).toBeLessThanOrEqual(first?.y ?? 0);
});

test('the button down leads back to the reply, then to the first unread message, then to the newest', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  for (let n = 1; n <= 60; n += 1) await say(server, ann, id, `line ${n}.`);
  const { seq } = await say(server, bob, id, 'the answer', { reply_to: 5 });
  await server.call('PUT', `/chats/${id}/read`, { seq }, ann.token);
  for (let n = 1; n <= 60; n += 1) await say(server, bob, id, `later ${n}.`);
  const one = await someone({ viewport: { width: 1280, height: 600 } });
  const { page } = one;
  await one.signIn(ann.email);
  await page.goto(`/chat/${id}/${seq}`);
  const quote = one.message('the answer').getByRole('button', { name: 'line 3.' });
  await expect(quote).toBeInViewport();
  await quote.click();
  await expect(one.message('line 3.').first()).toBeInViewport();
  await page.getByRole('button', { name: 'Back to the reply' }).click();
  await expect(one.message('the answer')).toBeInViewport();
  await page.goto(`/chat/${id}/5`);
  await expect(one.message('line 3.').first()).toBeInViewport();
  const down = page.getByRole('button', { name: 'Go to the newest messages' });
  await down.click();
  await expect(
    one.page
      .locator('[data-unread]')
      .or(one.page.locator('article').filter({ hasText: /later \d+\./ }))
      .first(),
  ).toBeInViewport();
  await expect(one.message('later 60.')).not.toBeInViewport();
  await down.click();
  await expect(one.message('later 60.')).toBeInViewport();
  await expect(down).toHaveCount(0);
});

test('the menu of a message is beside it, marks it and shows keys', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, 'of Bob');
  await say(server, ann, id, 'of Ann');
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('of Ann')).toBeVisible();
  for (const text of ['of Bob', 'of Ann']) {
    const ground = () => one.message(text).evaluate((element) => getComputedStyle(element).backgroundColor);
    const before = await ground();
    await bubbleOf(one, text).click({ button: 'right' });
    const menu = page.getByRole('menu');
    await expect(menu).toBeVisible();
    const box = await menu.boundingBox();
    if (!box) throw new Error('no menu');
    const at = { left: box.x, right: box.x + box.width, top: box.y, bottom: box.y + box.height };
    expect(isApart(at, await boxOf(one, text)), text).toBe(true);
    expect(await ground()).not.toBe(before);
    const answer = menu.getByRole('menuitem', { name: 'Reply', exact: true });
    await expect(answer.locator('small')).toHaveText('R');
    await expect(answer).toHaveAttribute('aria-keyshortcuts', 'R');
    await page.keyboard.press('Escape');
    await expect(menu).toHaveCount(0);
    expect(await ground()).toBe(before);
  }
});

test('a message is answered by the arrow beside it', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.say('a question');
  await ann.message('a question').hover();
  const before = await boxOf(ann, 'a question');
  await ann.message('a question').getByRole('button', { name: 'Reply' }).click();
  await expect(ann.page.getByText('Reply to Bob')).toBeVisible();
  await expect(ann.composer()).toBeFocused();
  const after = await boxOf(ann, 'a question');
  expect(after.right - after.left).toBe(before.right - before.left);
});
