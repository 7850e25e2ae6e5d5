/** The pages beside the chats: settings, the sign-in, the installed page. */
import { violations } from './axe';
import { group, PHONE, say } from './talk';
import { expect, test } from './world';

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
  await phone.page.getByRole('button', { name: 'Back' }).tap();
  await expect(phone.page.getByRole('link', { name: 'Appearance' })).toBeVisible();
  await expect(phone.page).toHaveURL(/\/settings$/);
});

test('the settings list the chats that do not notify about every message, and change them there', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  await server.call('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  await server.call('PATCH', `/chats/${id}/my`, { level: 'mentions' }, ann.token);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await page.goto('/settings/notifications');
  const rows = page.getByRole('main').locator('section').getByRole('listitem').filter({ hasText: 'Notify' });
  await expect(rows).toHaveText([/Den.*Notify me about mentions only/]);
  expect(await violations(page)).toEqual([]);
  await rows.getByRole('button', { name: 'Change: Den' }).click();
  await expect(page.getByRole('menuitemradio', { checked: true })).toHaveText('Notify me about mentions only');
  await page.getByRole('menuitemradio', { name: 'Notify me about every message' }).click();
  // The row stays where it is, so that the next one is not pressed by mistake.
  await expect(rows).toHaveText([/Den.*Notify me about every message/]);
  await expect
    .poll(async () => (await server.call<{ my: { level: string } }>('GET', `/chats/${id}`, undefined, ann.token)).my)
    .toMatchObject({ level: 'all' });
  await page.reload();
  await expect(page.getByText('All chats notify you about every message.')).toBeVisible();
});

test('the page can be installed: its pictures are there, in the sizes that it says', async ({ server, someone }) => {
  const one = await someone();
  await one.page.goto(server.entrance);
  const sizes = await one.page.evaluate(async () => {
    const manifest = await (await fetch('/manifest.webmanifest')).json();
    const touch = document.querySelector<HTMLLinkElement>('link[rel=apple-touch-icon]')?.href ?? '';
    const all = [...manifest.icons, ...manifest.screenshots];
    const icons: { src: string; sizes: string }[] = [...all, { src: touch, sizes: '180x180' }];
    const sizeOf = async ({ src, sizes: said }: { src: string; sizes: string }): Promise<string> => {
      const image = new Image();
      image.src = src;
      await image.decode();
      const size = `${image.naturalWidth}x${image.naturalHeight}`;
      return said === 'any' || said === size ? '' : `${src}: ${size} instead of ${said}`;
    };
    return Promise.all(icons.map(sizeOf));
  });
  expect(sizes).toEqual(Array.from({ length: 7 }, () => ''));
});

test('the installed page has the name of the server, an id, and all that stores and phones ask for', async ({
  server,
  someone,
}) => {
  const one = await someone();
  const { page } = one;
  const manifest = () => page.evaluate(async () => (await fetch('/manifest.webmanifest')).json());
  await page.goto(server.entrance);
  await one.register('Ann', 'The Smiths');
  // The page that is kept in the browser does not keep the name.
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  await page.reload();
  expect(await manifest()).toMatchObject({
    id: '/',
    name: 'The Smiths',
    display: 'standalone',
    icons: expect.arrayContaining([expect.objectContaining({ purpose: 'maskable', sizes: '512x512' })]),
    screenshots: [{ form_factor: 'wide' }, { form_factor: 'narrow' }],
    shortcuts: [{ url: '/?open=new-chat' }],
    share_target: {
      action: '/share',
      method: 'POST',
      enctype: 'multipart/form-data',
      params: { title: 'title', text: 'text', url: 'url', files: [{ name: 'files', accept: ['*/*'] }] },
    },
  });
});

test('the icon of the installed page counts unread messages, and is clear when all are read', async ({
  server,
  someone,
}) => {
  const { ann, bob, id } = await group(server);
  const one = await someone();
  const { page } = one;
  // The browser of these tests has no icon to draw on.
  await page.addInitScript(() => {
    const badges: number[] = [];
    Object.assign(navigator, { badges, setAppBadge: async (count: number) => void badges.push(count) });
  });
  const last = () => page.evaluate(() => (navigator as unknown as { badges: number[] }).badges.at(-1));
  await one.signIn(ann.email);
  await say(server, bob, id, 'one');
  await say(server, bob, id, 'two');
  await expect.poll(last).toBe(2);
  await one.open('Den');
  await expect.poll(last).toBe(0);
});

test('what another program shares comes into the tray and the draft of a chosen chat', async ({ server, someone }) => {
  const { ann, id } = await group(server);
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  await page.evaluate(async () => void (await navigator.serviceWorker.ready));
  // As a system does: it opens the page by a form, which the service worker takes.
  const share = () =>
    page.evaluate(() => {
      const form = Object.assign(document.createElement('form'), { method: 'post', action: '/share' });
      form.enctype = 'multipart/form-data';
      const [words, files] = [document.createElement('input'), document.createElement('input')];
      Object.assign(words, { name: 'text', value: 'From the walk' });
      const given = new DataTransfer();
      given.items.add(new File(['one'], 'one.txt', { type: 'text/plain' }));
      given.items.add(new File(['two'], 'дом.bin'));
      Object.assign(files, { type: 'file', name: 'files', multiple: true, files: given.files });
      form.append(words, files);
      document.body.append(form);
      form.submit();
    });
  await share();
  await page.getByRole('dialog', { name: 'Share to a chat' }).getByRole('option', { name: 'Den' }).click();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  await expect(one.composer()).toHaveValue('From the walk');
  await expect(page.locator('main form').getByRole('listitem')).toHaveCount(2);
  await one.composer().press('Enter');
  const sent = page.locator('article[data-seq]').getByRole('link', { name: /^Download/ });
  await expect(sent).toHaveCount(2, { timeout: 40_000 });
  await expect(sent.last()).toHaveAccessibleName(/дом\.bin/);
  // It is taken once. The notice lasts four seconds: the wait for it begins before the page has loaded.
  await page.goto('/?shared', { waitUntil: 'commit' });
  await expect(page.getByText('What was shared could not be kept.')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  // What no chat was chosen for is not for the next person.
  await page.evaluate(async () => (await caches.open('shared')).put('/share', new Response('words')));
  await page.goto('/settings/keys');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await expect.poll(() => page.evaluate(() => caches.has('shared'))).toBe(false);
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
