/** People who share a name can be told apart on every screen, and no name overflows its box. */
import type { Locator, Page } from '@playwright/test';
import { expect, type Server, test } from './world';

/** Creates Ann, two namesakes with direct chats to her, and a group of all. */
async function namesakes(server: Server, name: string) {
  const ann = await server.person('Ann');
  const same = [await server.person(name), await server.person(name)];
  for (const one of same) await server.call('POST', '/chats', { kind: 'direct', user_id: one.id }, ann.token);
  const body = { kind: 'group', name: 'Den', member_ids: same.map((one) => one.id) };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  for (const one of same)
    await server.call('POST', `/chats/${id}/messages`, { text: `hello from ${one.id}` }, one.token);
  return { ann, same, group: id };
}

/** Checks that two elements say the name and a different note each, without an e-mail address. */
async function differ(found: Locator, name: string): Promise<void> {
  await expect(found).toHaveCount(2);
  const words = await found.evaluateAll((all) =>
    all.map((one) => one.getAttribute('aria-label') ?? one.textContent ?? ''),
  );
  expect(words[0]).not.toBe(words[1]);
  for (const one of words) expect(one).toMatch(new RegExp(`${name}.*(since|no\\.)\\s.*\\d`));
  expect(words.join()).not.toContain('@');
}

test('namesakes can be told apart wherever they are chosen or shown', async ({ server, someone }) => {
  const { ann } = await namesakes(server, 'Kim Lee');
  const one = await someone();
  const { page } = one;
  const dialog = page.getByRole('dialog');
  await one.signIn(ann.email);
  await differ(
    page.getByRole('navigation').getByRole('link', { name: 'Kim Lee' }).locator('bdi + small').locator('..'),
    'Kim Lee',
  );
  await page
    .getByRole('navigation')
    .getByRole('link', { name: /^Kim Lee/ })
    .first()
    .click();
  await expect(page.getByRole('heading', { level: 1, name: /^Kim Lee · (since|no\.)\s\S*\d/ })).toBeVisible();
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText('kim');
  await differ(dialog.getByRole('option'), 'Kim Lee');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'New chat' }).click();
  await differ(dialog.getByRole('button', { name: 'Kim Lee' }), 'Kim Lee');
  await dialog.getByRole('button', { name: 'New group' }).click();
  for (const nth of [0, 1])
    await dialog
      .getByRole('button', { name: /^Kim Lee/ })
      .nth(nth)
      .click();
  await differ(dialog.getByRole('button', { name: /^Delete: Kim Lee/ }), 'Kim Lee');
  await page.keyboard.press('Escape');
  await one.open('Den');
  await differ(page.locator('article').filter({ hasText: 'hello from' }), 'Kim Lee');
  await expect(page.getByText(/Ann added Kim Lee \(here since .*\)(,| and) Kim Lee \(here since/)).toBeVisible();
  await page.getByRole('button', { name: 'Members', exact: true }).click();
  await differ(one.panel().getByRole('listitem').filter({ hasText: 'Kim Lee' }), 'Kim Lee');
  await differ(one.panel().getByRole('button', { name: 'More: Kim Lee' }), 'Kim Lee');
  await one.panel().getByRole('button', { name: 'More: Kim Lee' }).first().click();
  await page.getByRole('menuitem', { name: 'Remove' }).click();
  await expect(page.getByRole('alertdialog')).toContainText(/Remove Kim Lee \(here since .*\) from the group/);
});

test('authors who left are asked for together, and named at once at the next visit', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const gone = [await server.person('Cy'), await server.person('Di'), await server.person('Ed')];
  const body = { kind: 'group', name: 'Den', member_ids: [bob, ...gone].map((one) => one.id) };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  for (const one of gone) {
    await server.call('POST', `/chats/${id}/messages`, { text: `farewell from ${one.id}` }, one.token);
    await server.call('DELETE', `/chats/${id}/members/${one.id}`, undefined, one.token);
  }
  const reader = await someone();
  const { page } = reader;
  const questions: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/users?ids=')) questions.push(request.url());
  });
  await reader.signIn(bob.email);
  // The list names who left last, though the chat was not opened.
  const row = page.getByRole('navigation').getByRole('link', { name: 'Den' });
  await expect(row).toContainText('Ed left');
  await row.click();
  for (const [place, name] of ['Cy', 'Di', 'Ed'].entries())
    await expect(page.locator('article').filter({ hasText: `farewell from ${gone[place]?.id}` })).toContainText(name);
  expect(questions.length).toBeLessThanOrEqual(2);
  // The names are kept: no question is answered at the next visit.
  await reader.context.route('**/api/users?*', (route) => route.abort());
  await page.reload();
  await expect(row).toContainText('Ed left');
  for (const [place, name] of ['Cy', 'Di', 'Ed'].entries())
    await expect(page.locator('article').filter({ hasText: `farewell from ${gone[place]?.id}` })).toContainText(name);
});

test('in a group of more than 200 each author has a name, in the list and in the chat', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const many: { id: number; token: string }[] = [];
  // A server checks few passwords at the same time.
  while (many.length < 205)
    many.push(...(await Promise.all(Array.from({ length: 5 }, (_, n) => server.person(`Far ${many.length + n}`)))));
  const ids = many.map((one) => one.id);
  const body = { kind: 'group', name: 'Town', member_ids: [bob.id, ...ids.slice(0, 150)] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  await server.call('POST', `/chats/${id}/members`, { user_ids: ids.slice(150) }, ann.token);
  const names = [3, 160, 204].map((nth) => `Far ${nth}`);
  for (const nth of [3, 160, 204])
    await server.call('POST', `/chats/${id}/messages`, { text: `news from ${nth}` }, many[nth]?.token);
  await server.call('DELETE', `/chats/${id}/members/${many[3]?.id}`, undefined, many[3]?.token);
  await server.call('POST', `/chats/${id}/messages`, { text: 'the last news' }, many[204]?.token);
  const reader = await someone();
  const { page } = reader;
  const questions: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/users?ids=')) questions.push(request.url());
  });
  await reader.signIn(bob.email);
  const row = page.getByRole('navigation').getByRole('link', { name: 'Town' });
  await expect(row).toContainText('Far 204: the last news');
  await row.click();
  for (const name of names) {
    const said = reader.message(`news from ${name.slice(4)}`);
    await expect(said).toContainText(name);
    await expect(said).toHaveAccessibleName(new RegExp(`^${name}: `));
  }
  await expect(page.getByText('Far 3 left')).toBeVisible();
  await expect(page.getByText('…', { exact: true })).toHaveCount(0);
  expect(questions.length).toBeLessThanOrEqual(3);
});

/** Checks that everything a page of 320 px says is in its box, and that no name has more than four marks. */
async function fit(page: Page): Promise<void> {
  const said = await page.evaluate(() =>
    [
      document.title,
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label]')].map((one) => one.ariaLabel ?? ''),
    ].join('\n'),
  );
  expect(said).toMatch(/Q\p{M}{4}(im|roup)/u);
  expect(said).not.toMatch(/\p{M}{5}/u);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  const open = await page
    .locator('bdi')
    .evaluateAll((all) => all.map((one) => getComputedStyle(one.parentElement ?? one).overflowY));
  expect(open.filter((how) => how === 'visible')).toEqual([]);
  const wide = await page
    .locator('body *')
    .evaluateAll((all) =>
      all
        .filter(
          (box) =>
            box.clientWidth > 1 &&
            box.scrollWidth > box.clientWidth + 1 &&
            /auto|scroll|visible/.test(getComputedStyle(box).overflowX),
        )
        .map((box) => `${box.tagName}.${box.className}: ${box.scrollWidth} in ${box.clientWidth}`),
    );
  expect(wide).toEqual([]);
}

test('names stored with many piled marks are drawn with four, inside their boxes', async ({ server, someone }) => {
  const { ann, group } = await namesakes(server, `Qim Lee${'W'.repeat(50)}`);
  await server.call('PATCH', `/chats/${group}`, { name: `Qroup${'W'.repeat(50)}` }, ann.token);
  await server.call('POST', `/chats/${group}/invites`, {}, ann.token);
  const one = await someone({ viewport: { width: 320, height: 568 } });
  const { page } = one;
  // The browser kept these names before the server began to clean them.
  const piled = (text: string): string => text.replace(/Q(im|roup)/g, `Q${'\u0323\u0301\u0336'.repeat(20)}$1`);
  await one.context.route(/\/api\/(chats|users|messages|audit)/, async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, body: piled(await answer.text()) });
  });
  const fits = (): Promise<void> => fit(page);
  await one.signIn(ann.email);
  await fits();
  await page.goto(`/chat/${group}`);
  await expect(one.message('hello from')).toHaveCount(2);
  await fits();
  await one.composer().pressSequentially('@q');
  await expect(page.getByRole('option')).toHaveCount(2);
  await fits();
  await one.composer().fill('');
  await page.getByRole('button', { name: 'Members', exact: true }).click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Lee' })).toHaveCount(2);
  await fits();
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('alertdialog').waitFor();
  await fits();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText('q');
  await expect(page.getByRole('option').filter({ hasText: 'Q' })).toHaveCount(3);
  await fits();
  await page.goto('/settings/audit');
  await page.getByText('The whole server').click();
  await expect(page.getByRole('listitem').filter({ hasText: 'Lee' })).not.toHaveCount(0);
  await fits();
});
