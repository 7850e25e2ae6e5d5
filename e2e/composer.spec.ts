/** Writing: emoji by button and by name, marks by key, links by pasting; and the appearance settings. */
import { violations } from './axe';
import { expect, type Someone, test } from './world';

test('an emoji is found by its Russian or English name and put where the caret is', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  const complaints: string[] = [];
  page.on('console', (one) => one.type() === 'error' && complaints.push(one.text()));
  await ann.composer().fill('one two');
  for (let step = 0; step < 4; step += 1) await ann.composer().press('ArrowLeft');
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('searchbox', { name: 'Search emoji' }).fill('ракета');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('button', { name: 'rocket' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(ann.composer()).toHaveValue('one🚀 two');
  await expect(ann.composer()).toBeFocused();
  await page.keyboard.press('ControlOrMeta+z');
  await expect(ann.composer()).toHaveValue('one two');
  await page.getByRole('button', { name: 'Emoji' }).click();
  await expect(page.getByRole('region', { name: 'Recent' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await ann.composer().press('Enter');
  await expect(bob.message('one two')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('text typed while a message is being stored begins the next one; Enter twice sends once', async ({ pair }) => {
  const [ann, bob] = await pair();
  // The storage is busy for half a second, as on a slow phone.
  await ann.page.evaluate(async () => {
    const opening = indexedDB.open('web-messenger');
    await new Promise((resolve) => {
      opening.onsuccess = resolve;
    });
    const { result } = opening;
    const store = result.transaction('outbox', 'readwrite').objectStore('outbox');
    const until = performance.now() + 500;
    const hold = (): void => {
      if (performance.now() < until) store.count().onsuccess = hold;
      else result.close();
    };
    hold();
  });
  await ann.composer().fill('first');
  await ann.composer().press('Enter');
  await ann.composer().press('Enter');
  await ann.composer().pressSequentially('second');
  await expect(bob.message('first')).toBeVisible();
  await expect(ann.composer()).toHaveValue('second');
  await ann.composer().press('Enter');
  await expect(bob.message('second')).toBeVisible();
  await expect(bob.message('first')).toHaveCount(1);
});

test('a colon completes the name of an emoji', async ({ pair }) => {
  const [ann] = await pair();
  for (const typed of [':heart', ':сердц']) {
    await ann.composer().fill('');
    await ann.composer().pressSequentially(`so ${typed}`);
    await expect(ann.page.getByRole('option').first()).toBeVisible();
    await ann.composer().press('Enter');
    await expect(ann.composer()).toHaveValue(/^so \p{Emoji}\ufe0f? $/u);
  }
});

test('Enter sends a smiley, a time, and a word of two letters after a colon', async ({ pair }) => {
  const [ann, bob] = await pair();
  for (const words of [':-D', 'в :30', 'ok :да']) {
    await ann.composer().pressSequentially(words);
    // The names are there: a later Enter would mean one of them.
    if (words === 'ok :да') await expect(ann.page.getByRole('option').first()).toBeVisible();
    await ann.composer().press('Enter');
    await expect(bob.message(words)).toBeVisible();
  }
  await ann.composer().pressSequentially('so :да');
  await expect(ann.page.getByRole('option').first()).toBeVisible();
  await ann.composer().press('ArrowDown');
  await ann.composer().press('Enter');
  await expect(ann.composer()).toHaveValue(/^so [^\p{L}:]+ $/u);
});

test('a key of an input method does nothing in composer, completion, switcher and picker', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  /** Presses Enter as an input method does, to choose a word: marked as composing, or with the code 229 alone. */
  const choose = (field: ReturnType<Someone['composer']>): Promise<void> =>
    field.evaluate((box) => {
      for (const how of [{ isComposing: true, keyCode: 13 }, { keyCode: 229 }])
        for (const key of ['Enter', 'ArrowDown', 'Escape'])
          box.dispatchEvent(new KeyboardEvent('keydown', { key, code: key, bubbles: true, cancelable: true, ...how }));
    });
  await ann.composer().pressSequentially('日本 :heart');
  await expect(page.getByRole('option').first()).toBeVisible();
  await choose(ann.composer());
  await expect(ann.composer()).toHaveValue('日本 :heart');
  await expect(page.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await page.getByRole('button', { name: 'Emoji' }).click();
  await page.getByRole('dialog', { name: 'Emoji' }).getByRole('searchbox').fill('heart');
  await choose(page.getByRole('dialog', { name: 'Emoji' }).getByRole('searchbox'));
  await expect(page.getByRole('dialog', { name: 'Emoji' })).toBeVisible();
  await expect(ann.composer()).toHaveValue('日本 :heart');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('bob');
  await choose(page.getByRole('combobox'));
  await expect(page.getByRole('combobox')).toHaveValue('bob');
  await page.keyboard.press('Escape');
  await expect(bob.page.locator('article')).toHaveCount(0);
});

test('keys mark the selection, again takes the marks away, on any layout', async ({ pair }) => {
  const [ann] = await pair();
  const box = ann.composer();
  await box.fill('слово');
  for (const [key, marked] of [
    ['KeyB', '**слово**'],
    ['KeyI', '_слово_'],
    ['KeyE', '`слово`'],
    ['Shift+KeyX', '~~слово~~'],
  ]) {
    await box.selectText();
    await box.press(`Control+${key}`);
    await expect(box).toHaveValue(String(marked));
    await box.press(`Control+${key}`);
    await expect(box).toHaveValue('слово');
  }
});

test('an address pasted over words makes them a link', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.composer().fill('the map');
  await ann.composer().selectText();
  await ann.page.evaluate(() => navigator.clipboard.writeText('https://example.org/map'));
  await ann.composer().press('ControlOrMeta+v');
  await expect(ann.composer()).toHaveValue('[the map](https://example.org/map)');
  await ann.composer().press('Enter');
  await expect(bob.page.locator('article').getByRole('link', { name: 'the map' })).toHaveAttribute(
    'href',
    'https://example.org/map',
  );
});

test('code is coloured by its language and copied; a spoiler opens by key and keeps the focus', async ({ pair }) => {
  const [ann, bob] = await pair();
  const complaints: string[] = [];
  bob.page.on('console', (one) => one.type() === 'error' && complaints.push(one.text()));
  const code = 'const greeting = "привет"; // said\nif (1 < 2) <b>x</b>';
  await ann.composer().fill('```ts\n' + code + '\n```');
  await ann.composer().press('Enter');
  const block = bob.page.locator('figure');
  await expect(block.locator('[data-type=kwd]').first()).toHaveText('const');
  await expect(block.locator('[data-type=str]')).toHaveText('"привет"');
  await expect(block.locator('code')).toHaveText(code);
  await block.getByRole('button', { name: 'Copy' }).click();
  expect(await bob.page.evaluate(() => navigator.clipboard.readText())).toBe(code);
  await ann.say('the end: ||rosebud||');
  await bob.page.getByRole('button', { name: 'Show hidden text' }).press('Enter');
  await expect(bob.page.getByText('rosebud', { exact: true })).toBeFocused();
  await expect(bob.message('the end').locator('[lang=en]')).toBeVisible();
  expect(complaints).toEqual([]);
});

test('a message that is too long says why and cannot be sent', async ({ pair }) => {
  const [ann] = await pair();
  await ann.composer().fill('a'.repeat(16_005));
  await expect(ann.page.getByText('5 characters too many')).toContainText('16,000');
  await expect(ann.page.getByRole('button', { name: 'Send', exact: true })).toBeDisabled();
});

test('appearance settings apply at once and before the first paint; Enter follows its setting', async ({ pair }) => {
  const [ann, bob] = await pair();
  const { page } = ann;
  await page.goto('/settings/appearance');
  for (const choice of ['Dark', 'Violet', 'Dense', 'Large']) await page.getByText(choice, { exact: true }).click();
  await page.getByText('New line, Ctrl+Enter sends').click();
  const root = page.locator('html');
  const look = { theme: 'dark', accent: 'violet', density: 'dense', size: 'large' };
  for (const [part, value] of Object.entries(look)) await expect(root).toHaveAttribute(`data-${part}`, value);
  expect(await root.evaluate((one) => getComputedStyle(one).fontSize)).toBe('18px');
  await page.goto('/');
  for (const [part, value] of Object.entries(look)) await expect(root).toHaveAttribute(`data-${part}`, value);
  const row = await page.getByRole('navigation').getByRole('link', { name: 'Bob' }).boundingBox();
  expect(row?.height).toBe(48);
  await ann.open('Bob');
  await ann.composer().fill('first');
  await ann.composer().press('Enter');
  await ann.composer().pressSequentially('second');
  await ann.composer().press('Control+Enter');
  await expect(bob.message('first')).toContainText('second');
});

for (const width of [360, 1280]) {
  test(`emoji and names of emoji fit ${width} px, and axe finds nothing`, async ({ pair }) => {
    const [ann] = await pair();
    const { page } = ann;
    await page.setViewportSize({ width, height: 740 });
    await page.getByRole('button', { name: 'Emoji' }).click();
    const box = await page.getByRole('dialog', { name: 'Emoji' }).boundingBox();
    expect(box?.x).toBeGreaterThanOrEqual(0);
    expect((box?.x ?? 0) + (box?.width ?? 0)).toBeLessThanOrEqual(width);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await ann.composer().pressSequentially(':heart');
    await expect(page.getByRole('option').first()).toBeVisible();
    expect(await violations(page)).toEqual([]);
  });
}

test('a withdrawn pending reply returns with its text and quote, before the current draft', async ({
  server,
  pair,
}) => {
  const [ann, bob] = await pair();
  await bob.say('shall we?');
  await ann.choose('shall we?', 'Reply');
  await ann.composer().fill('gladly');
  // Without a server no message is on its way: a message held back by a connection could still arrive.
  await server.kill();
  await ann.composer().press('Enter');
  await ann.say('and this too');
  const strip = ann.page.getByText('Reply to Bob');
  await expect(strip).toHaveCount(0);
  await ann.composer().fill('begun');
  await ann.message('gladly').getByRole('button', { name: 'Cancel sending' }).click();
  await expect(ann.message('gladly')).toHaveCount(0);
  await expect(strip).toBeVisible();
  await expect(ann.composer()).toBeFocused();
  await expect(ann.composer()).toHaveValue('gladly\nbegun');
  await server.start();
  await expect(bob.message('and this too')).toBeVisible({ timeout: 30_000 });
  await ann.composer().press('Enter');
  await expect(bob.message('gladly')).toContainText('shall we?');
  await expect(bob.message('gladly')).toContainText('begun');
});

test('the message list does not cover the completion of names', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const others = [];
  for (let n = 0; n < 6; n += 1) others.push(await server.person(`Kim ${n}`));
  await server.call(
    'POST',
    '/chats',
    { kind: 'group', name: 'Den', member_ids: others.map((one) => one.id) },
    ann.token,
  );
  const one = await someone({ viewport: { width: 640, height: 420 } });
  await one.signIn(ann.email);
  await one.open('Den');
  await one.composer().pressSequentially('@kim');
  await expect(one.page.getByRole('option')).toHaveCount(6);
  const list = await one.page.getByRole('listbox').boundingBox();
  const label = await one.page.getByRole('heading', { name: 'Today' }).boundingBox();
  if (!list || !label) throw new Error('nothing is drawn');
  expect(label.y + label.height).toBeGreaterThan(list.y);
  const covered = await one.page.getByRole('listbox').evaluate((box) => {
    const { left, right, top, bottom } = box.getBoundingClientRect();
    const wrong: string[] = [];
    for (let x = left + 2; x < right - 2; x += 8)
      for (let y = top + 2; y < bottom - 2; y += 8) {
        const there = document.elementFromPoint(x, y);
        if (there && !box.contains(there)) wrong.push(`${there.tagName} at ${x}, ${y}`);
      }
    return wrong;
  });
  expect(covered).toEqual([]);
});
