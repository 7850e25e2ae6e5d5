/** Screens at the edges: namesakes, very long names and words, versions, account activity, limited invites. */
import type { WORDS } from './screens';
import { expect, type Server, type Someone } from './world';

type Words = (typeof WORDS)['en'];
type Visit = (name: string) => Promise<void>;
type Person = Awaited<ReturnType<Server['person']>>;

const WIDE = 'Щ'.repeat(64);

async function group(server: Server) {
  const anna = await server.person('Анна Петрова');
  const others: Person[] = [];
  for (const name of ['Вера Николаевна', 'Вера Николаевна', WIDE]) others.push(await server.person(name));
  for (const one of others) await server.call('POST', '/chats', { kind: 'direct', user_id: one.id }, anna.token);
  const body = { kind: 'group', name: `${WIDE.slice(1)}!`, member_ids: others.map((one) => one.id) };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, anna.token);
  const say = (who: Person, text: string, more = {}) =>
    server.call<{ seq: number }>('POST', `/chats/${id}/messages`, { text, ...more }, who.token);
  const [vera, other, wide] = others as [Person, Person, Person];
  await say(vera, 'Кто за хлебом?');
  const asked = await say(other, 'Я, и за сыром тоже.');
  await say(wide, 'W'.repeat(300), { reply_to: asked.seq });
  await say(wide, `Z${'\u0301\u0336'.repeat(30)}algo и https://example.org/${'w'.repeat(200)}`);
  const { seq } = await say(anna, 'Версия 0');
  for (let n = 1; n < 60; n += 1)
    await server.call('PATCH', `/chats/${id}/messages/${seq}`, { text: `Версия **${n}**` }, anna.token);
  return { anna, group: id };
}

export async function edgeScreens(someone: Someone, server: Server, words: Words, visit: Visit): Promise<void> {
  const all = await group(server);
  const { page } = someone;
  const dialog = page.getByRole('dialog');
  await someone.signInByHand(all.anna.email, words);
  await expect(page.getByRole('navigation').getByRole('link')).toHaveCount(4);
  await visit('edge-list');
  await page.goto(`/chat/${all.group}`);
  await expect(someone.message('Версия 59')).toBeVisible();
  await visit('edge-conversation');
  await someone.composer().fill('@');
  await expect(page.getByRole('option')).toHaveCount(3);
  await visit('edge-completion');
  await someone.composer().fill('');
  await someone.message('Версия 59').click({ button: 'right' });
  await page.getByRole('menuitem', { name: words.readBy }).click();
  await expect(dialog.getByRole('time').or(dialog.locator('time'))).toHaveCount(50);
  await visit('edge-versions');
  await dialog.getByRole('button').last().scrollIntoViewIfNeeded();
  await visit('edge-versions-end');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.members, exact: true }).click();
  await expect(someone.panel().getByRole('listitem')).toHaveCount(4);
  await visit('edge-members');
  await someone.panel().locator('li button[aria-label]').first().click();
  await page.getByRole('menuitem').last().click();
  await page.getByRole('alertdialog').waitFor();
  await visit('edge-remove');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText('в');
  await page.waitForLoadState('networkidle');
  await visit('edge-switcher');
  await page.keyboard.press('Escape');
  await page.goto('/');
  await page.getByRole('button', { name: words.chat, exact: true }).first().click();
  await page.getByRole('button', { name: words.group }).click();
  for (const nth of [0, 1, 2]) await dialog.locator('li button[aria-pressed]').nth(nth).click();
  await visit('edge-new-group');
  await page.keyboard.press('Escape');
  await audit(someone, visit);
}

async function audit({ page, context }: Someone, visit: Visit): Promise<void> {
  await page.goto('/settings/audit');
  const section = page.locator('#audit');
  await expect(section.getByRole('listitem')).toHaveCount(3);
  await visit('audit');
  await section.getByRole('radio').last().check({ force: true });
  await expect(section.getByRole('listitem').first()).toContainText('Анна');
  await visit('audit-all');
  await context.setOffline(true);
  await section.getByRole('radio').first().check({ force: true });
  await section.getByRole('alert').waitFor();
  await visit('audit-error');
  await context.setOffline(false);
  await expect(section.getByRole('listitem')).toHaveCount(3);
}

/** Shows a server that needs an invite: the pages of an administrator, a member and a stranger. */
export async function inviteScreens(
  [admin, member, stranger]: Someone[],
  server: Server,
  words: Words,
  visit: (one: Someone, name: string) => Promise<void>,
) {
  if (!admin || !member || !stranger) throw new Error('three pages are needed');
  const anna = await server.person('Анна Петрова');
  const { code } = await server.call<{ code: string }>('POST', '/invites', {}, anna.token);
  const boris = await server.person('Борис', code);
  const { id } = await server.call<{ id: number }>(
    'POST',
    '/chats',
    { kind: 'group', name: 'Дача', member_ids: [] },
    boris.token,
  );
  const { url } = await server.call<{ url: string }>('POST', `/chats/${id}/invites`, {}, boris.token);
  await admin.signInByHand(anna.email, words);
  await admin.page.getByRole('button', { name: words.chat, exact: true }).first().click();
  await admin.page.getByRole('button', { name: words.invite }).click();
  await admin.page.getByRole('dialog').getByRole('button', { name: words.link }).click();
  await admin.page.getByRole('dialog').getByRole('img').waitFor();
  await visit(admin, 'invite-admin');
  await admin.page.getByRole('dialog').getByRole('button').last().click();
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Борис' }).click();
  await visit(admin, 'invite-who-may');
  await admin.page.getByRole('dialog').getByRole('button', { name: 'Борис' }).click();
  await member.signInByHand(boris.email, words);
  await visit(member, 'invite-member');
  await member.page.goto(`/chat/${id}`);
  await member.page.getByRole('button', { name: words.members, exact: true }).click();
  await member.panel().getByRole('button', { name: words.link }).click();
  await member.page.getByRole('dialog').getByRole('button', { name: words.link }).click();
  await member.page.getByRole('dialog').getByRole('img').waitFor();
  await visit(member, 'invite-group-only');
  await stranger.page.goto(url);
  await stranger.page.locator('form').waitFor();
  await visit(stranger, 'invite-stranger');
}
