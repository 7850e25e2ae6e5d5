/** Two people of one name in a group: a message mentions the chosen one, however its text changes before it is sent. */
import { expect, type Server, type Someone, test } from './world';

interface Sent {
  text: string;
  entities: { type: string; user_id?: number }[];
}

/** Creates a group of Ann and two namesakes; Ann's page shows it. */
async function group(server: Server, someone: (look?: object) => Promise<Someone>, look = {}) {
  const ann = await server.person('Ann');
  const [first, second] = [await server.person('Kim Lee'), await server.person('Kim Lee')];
  const body = { kind: 'group', name: 'Den', member_ids: [first.id, second.id] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  const one = await someone(look);
  await one.signIn(ann.email);
  await one.open('Den');
  /** Returns the ids of the people whom the last message of the group mentions. */
  const who = async (text: string): Promise<(number | undefined)[]> => {
    const { items } = await server.call<{ items: Sent[] }>('GET', `/chats/${id}/messages`, undefined, ann.token);
    const sent = items.findLast((message) => message.text === text);
    return sent?.entities.filter((entity) => entity.type === 'mention').map((entity) => entity.user_id) ?? [];
  };
  return { one, first: first.id, second: second.id, who };
}

/** Types the beginning of a name and chooses the option of a person. */
async function complete({ page, composer }: Someone, typed: string, id: number): Promise<void> {
  const box = composer.call({ page } as Someone);
  await box.pressSequentially(typed);
  const options = page.getByRole('option');
  await expect(options).toHaveCount(2);
  await expect(options.first()).toContainText(/here since .*\d/);
  await page.locator(`[role=option][id$="-${id}"]`).click();
  await expect(options).toHaveCount(0);
}

test('namesakes can be told apart and each can be mentioned', async ({ server, someone }) => {
  const { one, first, second, who } = await group(server, someone);
  await complete(one, '@lee', second);
  await complete(one, 'and @kim l', first);
  await one.composer().press('Enter');
  await expect.poll(() => who('@Kim Lee and @Kim Lee')).toEqual([second, first]);
});

test('a chosen person stays mentioned through changes, a reload, a lost connection and an edit', async ({
  server,
  someone,
}) => {
  const { one, first, second, who } = await group(server, someone);
  const { page } = one;
  await complete(one, '@', second);
  await complete(one, '@', first);
  await one.composer().press('Home');
  await one.composer().pressSequentially('so ');
  await expect(one.composer()).toHaveValue('so @Kim Lee @Kim Lee ');
  await page.waitForFunction(async () => {
    const opening = indexedDB.open('web-messenger');
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const asked = opening.result.transaction('drafts').objectStore('drafts').getAll();
    await new Promise((resolve) => {
      asked.onsuccess = resolve;
    });
    opening.result.close();
    return asked.result.some((draft) => draft.text.startsWith('so '));
  });
  await page.reload();
  await expect(one.composer()).toHaveValue('so @Kim Lee @Kim Lee ');
  for (let step = 0; step < 3; step += 1) await one.composer().press('Home');
  for (let step = 0; step < 'so @Kim Lee '.length; step += 1) await one.composer().press('Delete');
  await one.composer().press('End');
  await complete(one, '@', second);
  await one.context.setOffline(true);
  await one.composer().press('Enter');
  await expect(one.message('@Kim Lee @Kim Lee')).toBeVisible();
  await one.context.setOffline(false);
  await expect.poll(() => who('@Kim Lee @Kim Lee')).toEqual([first, second]);
  await one.choose('@Kim Lee @Kim Lee', 'Edit');
  await one.composer().press('Home');
  await one.composer().pressSequentially('again ');
  await one.composer().press('Enter');
  await expect.poll(() => who('again @Kim Lee @Kim Lee')).toEqual([first, second]);
});

const LOOKS = [
  { viewport: { width: 1280, height: 800 } },
  { viewport: { width: 640, height: 480 } },
  { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true },
];
for (const look of LOOKS) {
  test(`a pending message looks like the sent one, at ${look.viewport.width} px`, async ({ server, someone }) => {
    const { one, second } = await group(server, someone, look);
    const { page } = one;
    await complete(one, '@', second);
    await one
      .composer()
      .pressSequentially('brings **bread**, cheese and whatever else the others forgot to buy on the way to us');
    await one.context.setOffline(true);
    await page.getByRole('button', { name: 'Send' }).click();
    const bubble = one.message('brings bread').locator('[class*=bubble]');
    const isPhone = 'isMobile' in look;
    await expect(
      one.message('brings bread').getByRole('img', { name: isPhone ? 'waiting for the network' : 'sending' }),
    ).toBeVisible({ timeout: 30_000 });
    if (isPhone)
      await expect(one.message('brings bread').getByRole('button', { name: 'Cancel sending' })).toBeInViewport({
        ratio: 1,
      });
    await expect(bubble.locator('[class*=mention]')).toHaveText('@Kim Lee');
    await expect(page.getByRole('heading', { level: 2, name: 'Today' })).toBeVisible();
    /** Returns the sizes of the bubble and of its content, and its horizontal place. */
    const measures = () =>
      bubble.evaluate((box) => {
        const from = box.getBoundingClientRect();
        const parts = [...box.querySelectorAll('p, div, span, strong, time, svg')].map((one) =>
          one.getBoundingClientRect(),
        );
        const inside = parts.map((one) =>
          [one.x - from.x, one.y - from.y, one.width, one.height].map(Math.round).join(),
        );
        return { x: from.x, width: from.width, height: from.height, inside };
      });
    const before = await measures();
    await one.context.setOffline(false);
    await expect(one.message('brings bread').and(page.locator('[data-seq]'))).toHaveCount(1, { timeout: 30_000 });
    expect(await measures()).toEqual(before);
  });
}
