/** The layout of a conversation: its column, who speaks, the shape of bubbles. Boxes and computed styles are compared. */
import { violations } from './axe';
import { expect, type Server, type Someone, test } from './world';

type Person = Awaited<ReturnType<Server['person']>>;

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
const COLUMN = 760;

const say = (server: Server, who: Person, chat: number, text: string, more = {}) =>
  server.call<{ seq: number }>(
    'POST',
    `/chats/${chat}/messages`,
    { text, client_msg_id: crypto.randomUUID(), ...more },
    who.token,
  );

/** Creates a group of Ann, Bob and Cid. */
async function group(server: Server): Promise<{ ann: Person; bob: Person; cid: Person; id: number }> {
  const [ann, bob, cid] = [await server.person('Ann'), await server.person('Bob'), await server.person('Cid')];
  const body = { kind: 'group', name: 'Den', member_ids: [bob.id, cid.id] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  return { ann, bob, cid, id };
}

const bubbleOf = (one: Someone, text: string) => one.message(text).locator('[class*=bubble]');

/** Returns the edges of the bubble of a message, in whole pixels. */
const boxOf = (one: Someone, text: string) =>
  bubbleOf(one, text).evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left: Math.round(left), right: Math.round(right), top: Math.round(top), bottom: Math.round(bottom) };
  });

test('a wide conversation keeps to a column in its middle, own messages at the end of it', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, 'of Bob '.repeat(60));
  await say(server, ann, id, 'of Ann '.repeat(60));
  const one = await someone({ viewport: { width: 1920, height: 1080 } });
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('of Ann')).toBeVisible();
  const main = await one.page.getByRole('main').boundingBox();
  const middle = (main?.x ?? 0) + (main?.width ?? 0) / 2;
  const [theirs, mine] = [await boxOf(one, 'of Bob'), await boxOf(one, 'of Ann')];
  expect(theirs.left).toBeGreaterThanOrEqual(middle - COLUMN / 2);
  expect(theirs.left).toBeLessThan(middle - COLUMN / 2 + 80);
  expect(mine.right).toBeLessThanOrEqual(middle + COLUMN / 2);
  expect(mine.right).toBeGreaterThan(middle + COLUMN / 2 - 40);
  const field = await one.page.locator('main form > div').last().boundingBox();
  expect(field?.width).toBe(COLUMN);
  expect((field?.x ?? 0) + COLUMN / 2).toBe(middle);
  // One's own name is not on the page; screen readers hear who speaks.
  await expect(one.message('of Bob')).toContainText('Bob');
  await expect(one.message('of Ann')).not.toContainText(/Ann.*of Ann/);
  await expect(one.page.getByRole('article', { name: /^You: of Ann/ })).toBeVisible();
});

test('on a phone the column is the page', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, 'of Bob');
  await say(server, ann, id, 'of Ann');
  const one = await someone(PHONE);
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('of Ann')).toBeVisible();
  expect((await boxOf(one, 'of Ann')).right).toBe(360 - 16);
  expect((await boxOf(one, 'of Bob')).left).toBeLessThan(80);
  expect(await one.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('the picture of an author stays at the foot of their run, in view while the run goes on below', async ({
  server,
  someone,
}) => {
  const { ann, bob, cid, id } = await group(server);
  await say(server, bob, id, 'nothing before');
  for (let n = 1; n <= 10; n += 1) await say(server, cid, id, `line ${n}.\n\n\n\nand more`);
  const one = await someone({ viewport: { width: 1280, height: 600 } });
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('line 10.')).toBeInViewport();
  const list = one.page.getByRole('region');
  const faces = list.locator('[class*=face] > button');
  // One picture for each run, none beside a message.
  await expect(faces).toHaveCount(2);
  const bottomOf = (nth: number) =>
    faces.nth(nth).evaluate((element) => Math.round(element.getBoundingClientRect().bottom));
  await expect.poll(() => bottomOf(1)).toBe((await boxOf(one, 'line 10.')).bottom);
  await list.evaluate((box) => {
    box.scrollTop -= 500;
  });
  const foot = await list.evaluate((box) => Math.round(box.getBoundingClientRect().bottom));
  await expect.poll(() => bottomOf(1)).toBeLessThan(foot);
  expect(await bottomOf(1)).toBeGreaterThan(foot - 30);
  // Only the first message of a run says the name, in the colour of the picture.
  await expect(one.message('line 1.').locator('[class*=author]')).toHaveText('Cid');
  await expect(one.message('line 2.').locator('[class*=author]')).toHaveCount(0);
  const colours = await one.page
    .locator('article [class*=author]')
    .evaluateAll((all) => all.map((element) => getComputedStyle(element).color));
  expect(new Set(colours).size).toBe(colours.length);
});

test('the bubbles of a run are one shape', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  for (const who of [bob, ann]) for (const text of ['first', 'middle', 'last']) await say(server, who, id, text);
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.page.locator('article')).toHaveCount(6);
  const bubbles = await one.page.locator('article [class*=bubble]').evaluateAll((all) =>
    all.map((element) => {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      const look = getComputedStyle(element);
      const corners = [
        look.borderTopLeftRadius,
        look.borderTopRightRadius,
        look.borderBottomRightRadius,
        look.borderBottomLeftRadius,
      ];
      return { left, right, top, bottom, corners: corners.map((one) => Number.parseInt(one, 10)).join(' ') };
    }),
  );
  expect(bubbles.map((one) => one.corners)).toEqual([
    '16 16 16 6',
    '6 16 16 6',
    '6 16 16 16',
    '16 16 6 16',
    '16 6 6 16',
    '16 6 16 16',
  ]);
  const gaps = bubbles.slice(1).map((one, place) => Math.round(one.top - (bubbles[place]?.bottom ?? 0)));
  expect(gaps).toEqual([2, 2, 12, 2, 2]);
  expect(new Set(bubbles.slice(0, 3).map((one) => one.left)).size).toBe(1);
  expect(new Set(bubbles.slice(3).map((one) => one.right)).size).toBe(1);
});

/** Returns the baselines of the last word and of the time of a message, and the edges of both. */
const lastLine = (one: Someone, text: string) =>
  one.message(text).evaluate((article) => {
    const time = article.querySelector('time') as HTMLElement;
    const words = document.createTreeWalker(article.querySelector('[dir=auto]') as Node, NodeFilter.SHOW_TEXT)
      .nextNode() as Text;
    // A box without a size sits on the baseline of its line.
    const baseline = (place: (probe: HTMLElement) => void): number => {
      const probe = document.createElement('span');
      probe.style.display = 'inline-block';
      place(probe);
      const { bottom } = probe.getBoundingClientRect();
      probe.remove();
      return bottom;
    };
    const range = document.createRange();
    range.setStart(words, words.length - 1);
    range.setEnd(words, words.length);
    return {
      words: baseline((probe) => words.parentNode?.insertBefore(probe, words.nextSibling)),
      time: baseline((probe) => time.append(probe)),
      gap: time.getBoundingClientRect().left - range.getBoundingClientRect().right,
      end: (article.querySelector('[class*=bubble]') as HTMLElement).getBoundingClientRect().right,
      timeEnd: time.getBoundingClientRect().right,
    };
  });

test('the time is in the last line, on its baseline', async ({ server, someone }) => {
  const { ann, bob, cid, id } = await group(server);
  await say(server, bob, id, 'short');
  await say(server, cid, id, `${'long words '.repeat(9)}end`);
  await say(server, bob, id, '🎉');
  const one = await someone(PHONE);
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('🎉')).toBeVisible();
  for (const text of ['short', 'long words', '🎉']) {
    const found = await lastLine(one, text);
    expect(Math.abs(found.words - found.time), text).toBeLessThanOrEqual(1);
    expect(found.gap, text).toBeGreaterThanOrEqual(11);
    expect(Math.round(found.end - found.timeEnd), text).toBe(13);
  }
});

test('of the messages of a minute only the last shows the time; screen readers hear each', async ({ pair }) => {
  const [ann, bob] = await pair();
  for (const text of ['one', 'two', 'three']) await bob.say(text);
  await expect(ann.message('three')).toHaveCount(1);
  const seen = await ann.page.locator('article').evaluateAll((all) =>
    all.map((article) => {
      const { width } = (article.querySelector('[class*=foot]') as HTMLElement).getBoundingClientRect();
      return { minute: article.querySelector('time')?.dateTime.slice(0, 16), isSeen: width > 2 };
    }),
  );
  expect(seen).toHaveLength(3);
  for (const [place, { minute, isSeen }] of seen.entries())
    expect(isSeen).toBe(seen[place + 1]?.minute !== minute);
  expect(seen.filter((one) => !one.isSeen).length).toBeGreaterThan(0);
  await expect(ann.message('one').getByText(/^\d\d:\d\d$/)).toHaveCount(1);
});

const isApart = (
  one: { left: number; right: number; top: number; bottom: number },
  other: { left: number; right: number; top: number; bottom: number },
): boolean =>
  one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;

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
  await page.locator('article').filter({ hasText: /number 2\d\./ }).first().click({ button: 'right' });
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
  await expect(one.page.locator('[data-unread]').or(one.message(/later \d+\./)).first()).toBeInViewport();
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
    await expect(answer.locator('kbd')).toHaveText('R');
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

test('the list shows whether my last message was read, and the time on the line of the name', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await server.call('POST', '/chats', { kind: 'saved' }, ann.token);
  const { seq } = await say(server, ann, id, 'from me');
  const one = await someone();
  await one.signIn(ann.email);
  const row = one.page.getByRole('navigation').getByRole('link', { name: 'Bob' });
  await expect(row.getByRole('img', { name: 'sent' })).toBeVisible();
  await server.call('PUT', `/chats/${id}/read`, { seq }, bob.token);
  await expect(row.getByRole('img', { name: 'read', exact: true })).toBeVisible();
  await say(server, bob, id, 'from Bob');
  await expect(row).toContainText('from Bob');
  await expect(row.getByRole('img', { name: /^(sent|read)$/ })).toHaveCount(0);
  const baselines = await row.evaluate((element) =>
    [element.querySelector('bdi'), element.querySelector('time')].map((place) => {
      const probe = document.createElement('span');
      probe.style.display = 'inline-block';
      place?.append(probe);
      const { bottom } = probe.getBoundingClientRect();
      probe.remove();
      return bottom;
    }),
  );
  expect(Math.abs((baselines[0] ?? 0) - (baselines[1] ?? 9))).toBeLessThanOrEqual(1);
});

test('the line about the connection is over the page, says since when, and tries again at once', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  for (let n = 1; n <= 40; n += 1) await say(server, bob, id, `line ${n}.`);
  const one = await someone();
  const { page } = one;
  await one.context.addInitScript(() => {
    Object.assign(globalThis, { tries: 0 });
    globalThis.WebSocket = class extends WebSocket {
      constructor(url: string, protocol?: string) {
        super(url, protocol);
        Object.assign(globalThis, { tries: (globalThis as unknown as { tries: number }).tries + 1 });
      }
    };
  });
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('line 40.')).toBeInViewport();
  await expect(page.getByText('Connecting…')).toHaveCount(0);
  const list = page.getByRole('region');
  const before = await list.boundingBox();
  await server.kill();
  await expect(page.getByText(/^No connection since \d\d:\d\d. Connecting…$/)).toBeVisible({ timeout: 20_000 });
  expect(await list.boundingBox()).toEqual(before);
  // Between two tries of the page, the button makes one of its own.
  await expect(async () => {
    const made = await page.getByRole('button', { name: 'Try now' }).evaluate((button) => {
      const now = () => (globalThis as unknown as { tries: number }).tries;
      const before = now();
      (button as HTMLElement).click();
      return now() - before;
    });
    expect(made).toBe(1);
  }).toPass();
  await server.start();
  await expect(page.getByText('Connecting…')).toHaveCount(0, { timeout: 30_000 });
  expect(await list.boundingBox()).toEqual(before);
});

test('a message of many lines is folded at twenty, at any width', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, Array.from({ length: 20 }, (_, n) => `short ${n + 1}`).join('\n'));
  await say(server, bob, id, Array.from({ length: 21 }, (_, n) => `list ${n + 1}`).join('\n'));
  await say(server, bob, id, `wide ${'words '.repeat(150)}`);
  await say(server, bob, id, 'after them');
  const one = await someone({ viewport: { width: 1280, height: 900 } });
  await one.signIn(ann.email);
  await one.open('Den');
  await expect(one.message('after them')).toBeInViewport();
  const more = (text: string) => one.message(text).getByRole('button', { name: 'Show all' });
  const linesOf = (text: string) =>
    one
      .message(text)
      .locator('[dir=auto]')
      .evaluate((element) => {
        const { height } = (element.parentElement as HTMLElement).getBoundingClientRect();
        return Math.round(height / Number.parseFloat(getComputedStyle(element).lineHeight));
      });
  await expect(more('list 21')).toBeVisible();
  expect(await linesOf('list 21')).toBe(20);
  await expect(more('short 20')).toHaveCount(0);
  await expect(more('wide')).toHaveCount(0);
  await more('list 21').click();
  expect(await linesOf('list 21')).toBe(21);
  await one.message('list 21').getByRole('button', { name: 'Show less' }).click();
  expect(await linesOf('list 21')).toBe(20);
  await one.page.setViewportSize({ width: 320, height: 700 });
  await expect(more('wide')).toHaveCount(1);
});

test('the theme and the colour of the browser’s bars follow the choice in all tabs', async ({ pair }) => {
  const [ann] = await pair();
  const other = await ann.context.newPage();
  await other.goto('/');
  await ann.page.goto('/settings/appearance');
  await ann.page.getByText('Dark', { exact: true }).click();
  for (const page of [ann.page, other]) {
    await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
    await expect(page.locator('meta[name=theme-color]')).toHaveAttribute('content', '#14161a');
  }
  await ann.page.getByText('High contrast', { exact: true }).click();
  await expect(other.locator('html')).toHaveAttribute('data-theme', 'contrast');
  await expect(other.locator('meta[name=theme-color]')).toHaveAttribute('content', '#000000');
});

test('a name, a picture and the menu lead to the person, and from there to the chat with them', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, 'of Bob');
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await one.open('Den');
  const dialog = page.getByRole('dialog', { name: 'Profile' });
  const ways = [
    () => one.message('of Bob').getByRole('button', { name: 'Bob' }).click(),
    () => page.locator('[class*=face] > button').click(),
    () => one.choose('of Bob', 'Profile'),
  ];
  for (const go of ways) {
    await go();
    await expect(dialog).toContainText(/Bob.*here since/);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
  }
  await one.choose('of Bob', 'Profile');
  await dialog.getByRole('button', { name: 'Den' }).click();
  await expect(dialog).toHaveCount(0);
  await one.choose('of Bob', 'Profile');
  await dialog.getByRole('button', { name: 'Write a message' }).click();
  await expect(page.getByRole('main').getByRole('heading', { name: 'Bob' })).toBeVisible();
  await page.getByRole('button', { name: 'Bob, Chat info' }).click();
  await expect(one.panel()).toContainText('here since');
});

test('the switcher shows the last message of a chat and its time', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  const { seq } = await say(server, bob, id, 'see you on Saturday');
  await server.call('PUT', `/chats/${id}/read`, { seq }, ann.token);
  const one = await someone();
  await one.signIn(ann.email);
  await expect(one.page.getByRole('navigation')).toContainText('Saturday');
  await one.page.keyboard.press('Control+k');
  const option = one.page.getByRole('option').filter({ hasText: 'Den' });
  await expect(option).toContainText('see you on Saturday');
  await expect(option).toContainText(/\d\d:\d\d/);
  expect(await violations(one.page)).toEqual([]);
});

test('the settings have a list of pages beside the page, on a phone one of them at a time', async ({
  server,
  someone,
}) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  await one.page.goto('/settings');
  await expect(one.page.getByLabel('Your name')).toBeVisible();
  await one.page.getByRole('link', { name: 'Appearance' }).click();
  await expect(one.page).toHaveURL(/\/settings\/appearance$/);
  await expect(one.page.getByRole('group', { name: 'Theme' })).toBeVisible();
  await expect(one.page.getByLabel('Your name')).toHaveCount(0);
  await expect(one.page.getByRole('link', { name: 'Appearance' })).toHaveAttribute('aria-current', 'page');
  await one.page.getByRole('link', { name: 'About' }).click();
  await expect(one.page.getByText(/^Version \d/)).toBeVisible();
  expect(await violations(one.page)).toEqual([]);
  const phone = await someone(PHONE);
  await phone.signIn(ann.email);
  await phone.page.goto('/settings');
  await expect(phone.page.getByLabel('Your name')).toBeHidden();
  await phone.page.getByRole('link', { name: 'Storage' }).tap();
  await expect(phone.page.getByRole('heading', { name: 'Storage' })).toBeVisible();
  await expect(phone.page.getByRole('link', { name: 'Appearance' })).toBeHidden();
  expect(await violations(phone.page)).toEqual([]);
  await phone.page.getByRole('button', { name: 'Settings' }).tap();
  await expect(phone.page.getByRole('link', { name: 'Appearance' })).toBeVisible();
  await expect(phone.page).toHaveURL(/\/settings$/);
});

test('the page can be installed: its icons are there, in the sizes that it says', async ({ server, someone }) => {
  const one = await someone();
  await one.page.goto(server.entrance);
  const sizes = await one.page.evaluate(async () => {
    const manifest = await (await fetch('/manifest.webmanifest')).json();
    const touch = document.querySelector<HTMLLinkElement>('link[rel=apple-touch-icon]')?.href ?? '';
    const icons: { src: string; sizes: string }[] = [...manifest.icons, { src: touch, sizes: '180x180' }];
    const sizeOf = async ({ src, sizes: said }: { src: string; sizes: string }): Promise<string> => {
      const image = new Image();
      image.src = src;
      await image.decode();
      const size = `${image.naturalWidth}x${image.naturalHeight}`;
      return said === 'any' || said === size ? '' : `${src}: ${size} instead of ${said}`;
    };
    return Promise.all(icons.map(sizeOf));
  });
  expect(sizes).toEqual(['', '', '', '', '']);
});

test('an entry of the menu of the installed page opens a new chat, and shared words become a draft', async ({
  server,
  someone,
}) => {
  const { ann, id } = await group(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await page.goto('/?open=new-chat');
  await expect(page.getByRole('dialog', { name: 'New chat' })).toBeVisible();
  await expect(page).toHaveURL(/\/$/);
  await page.goto(`/?title=News&url=${encodeURIComponent('https://example.org/')}`);
  await page.getByRole('dialog', { name: 'Share to a chat' }).getByRole('option', { name: 'Den' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  await expect(one.composer()).toHaveValue('News\nhttps://example.org/');
});

test('one place at a time says what to do', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const one = await someone();
  await one.signIn(ann.email);
  await expect(one.page.getByText('No chats yet')).toBeVisible();
  await expect(one.page.getByText('Choose a chat')).toHaveCount(0);
  await server.call('POST', '/chats', { kind: 'saved' }, ann.token);
  await expect(one.page.getByText('Choose a chat')).toBeVisible();
  await expect(one.page.getByText('No chats yet')).toHaveCount(0);
});

for (const [locale, words] of [
  ['en-GB', 'Sign in'],
  ['ru-RU', 'Вход'],
] as const)
  test(`the name of the server is by itself above the title: ${locale}`, async ({ server, someone }) => {
    const ann = await someone();
    await ann.page.goto(server.entrance);
    await ann.register('Ann', 'The Smiths');
    const other = await someone({ locale });
    await other.page.goto('/');
    await expect(other.page.getByRole('heading', { level: 1 })).toHaveText(words);
    const over = await other.page.getByText('The Smiths', { exact: true }).boundingBox();
    const title = await other.page.getByRole('heading', { level: 1 }).boundingBox();
    expect((over?.y ?? 0) + (over?.height ?? 0)).toBeLessThanOrEqual((title?.y ?? 0) + 1);
  });
