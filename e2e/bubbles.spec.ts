/** The shape of a conversation: its column, who speaks, bubbles, times. Boxes and computed styles are compared. */
import { boxOf } from './boxes';
import { group, PHONE, readAll, say } from './talk';
import { expect, type Someone, test } from './world';

const COLUMN = 760;

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
  await expect(one.message('of Ann').locator('[class*=author]')).toHaveCount(0);
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
  await readAll(server, ann, id);
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
  const hues = (of: string) =>
    one.page.locator(of).evaluateAll((all) => all.map((each) => getComputedStyle(each).getPropertyValue('--hue')));
  const hue = await hues('article [class*=author]');
  expect(hue).toEqual([expect.stringMatching(/\d/), expect.stringMatching(/\d/)]);
  expect(await hues('[class*=face] [class*=avatar]')).toEqual(hue);
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
    const words = document
      .createTreeWalker(article.querySelector('[dir=auto]') as Node, NodeFilter.SHOW_TEXT)
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
  for (const [place, { minute, isSeen }] of seen.entries()) expect(isSeen).toBe(seen[place + 1]?.minute !== minute);
  expect(seen.filter((one) => !one.isSeen).length).toBeGreaterThan(0);
  await expect(ann.message('one').getByText(/^\d\d:\d\d$/)).toHaveCount(1);
});

test('“Show all” keeps apart from the time in a narrow message', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, Array.from({ length: 21 }, (_, n) => `${n + 1}`).join('\n'));
  await readAll(server, ann, id);
  const one = await someone({ viewport: { width: 1280, height: 900 } });
  await one.signIn(ann.email);
  await one.open('Den');
  const more = one.page.getByRole('button', { name: 'Show all' });
  await expect(more).toBeVisible();
  const gap = await more.evaluate((button) => {
    const time = button.nextElementSibling as Element;
    return time.getBoundingClientRect().left - button.getBoundingClientRect().right;
  });
  expect(gap).toBeGreaterThanOrEqual(8);
});

test('a message of many lines is folded at twenty, at any width', async ({ server, someone }) => {
  const { ann, bob, id } = await group(server);
  await say(server, bob, id, Array.from({ length: 20 }, (_, n) => `short ${n + 1}`).join('\n'));
  await say(server, bob, id, Array.from({ length: 21 }, (_, n) => `list ${n + 1}`).join('\n'));
  await say(server, bob, id, `wide ${'words '.repeat(150)}`);
  await say(server, bob, id, 'after them');
  await readAll(server, ann, id);
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
