/** The layout of a conversation: its column, who speaks, the shape of bubbles. Boxes and computed styles are compared. */
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
