/** Visits every screen in order: for pictures and for the accessibility check. */
import type { Page } from '@playwright/test';
import { memories } from './films';
import { galleryScreens } from './gallery';
import { letterScreens } from './letters';
import { give, portrait } from './pictures';
import { voiceScreens } from './recordings';
import { settingsScreens } from './settings';
import { expect, type Server, Someone } from './world';

export const WORDS = {
  en: {
    email: 'E-mail',
    password: 'Password',
    submit: 'Sign in',
    members: 'Members',
    chat: 'New chat',
    group: 'New group',
    invite: 'Invite someone',
    link: 'Create link',
    readBy: 'Who has read it',
    signOut: 'Sign out',
    mobile: 'Messages will be sent',
    again: 'Try again',
    find: 'bo',
    emoji: 'Emoji',
    appearance: 'Appearance',
    picture: 'Add picture',
    command: 'new',
    locale: 'en-GB',
  },
  ru: {
    email: 'Почта',
    password: 'Пароль',
    submit: 'Войти',
    members: 'Участники',
    chat: 'Новый чат',
    group: 'Новая группа',
    invite: 'Пригласить',
    link: 'Создать ссылку',
    readBy: 'Кто прочитал',
    signOut: 'Выйти',
    mobile: 'Сообщения отправятся',
    again: 'Повторить',
    find: 'dth',
    emoji: 'Эмодзи',
    appearance: 'Внешний вид',
    picture: 'Добавить фото',
    command: 'нов',
    locale: 'ru-RU',
  },
};

interface Family {
  anna: Person;
  boris: Person;
  newcomer: Person;
  group: number;
  invite: string;
}

type Person = Awaited<ReturnType<Server['person']>>;

/** The text of a message that the server refuses. */
const REFUSED = 'Встречаемся у выхода № 3';

/** Creates a family with a conversation. */
async function family(server: Server, page: Page): Promise<Family> {
  const anna = await server.person('Анна Петрова');
  const others = [];
  for (const name of ['Борис', 'Kate Miller', 'Вера Николаевна', 'Dmitri']) others.push(await server.person(name));
  const [boris, kate, vera] = others as [Person, Person, Person, Person];
  const say = (who: { token: string }, chat: number, text: string, more = {}) =>
    server.call<{ seq: number }>(
      'POST',
      `/chats/${chat}/messages`,
      { text, client_msg_id: crypto.randomUUID(), ...more },
      who.token,
    );
  for (const other of others) {
    const { id } = await server.call<{ id: number }>(
      'POST',
      '/chats',
      { kind: 'direct', user_id: other.id },
      anna.token,
    );
    await say(other, id, 'Привет! Это я 👋');
    if (other !== vera) await say(anna, id, 'Hello! Рада видеть.');
  }
  const body = { kind: 'group', name: 'Выходные на даче', member_ids: others.map((one) => one.id) };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, anna.token);
  await say(boris, id, 'Кто едет **в субботу**? Выезд в 9:00, собираемся у метро.');
  const when = await say(kate, id, 'I am in. Shall I bring the _big_ tent?');
  await say(anna, id, 'Да, возьми. Маршрут: https://maps.example.org/route/dacha-2026', { reply_to: when.seq });
  for (const [who, emoji] of [
    [boris, '👍'],
    [vera, '👍'],
    [anna, '❤️'],
  ] as const)
    await server.call(
      'PUT',
      `/chats/${id}/messages/${when.seq}/reactions/${encodeURIComponent(emoji)}`,
      undefined,
      who.token,
    );
  await say(vera, id, '> Shall I bring the tent?\nПалатка не нужна, места всем хватит.');
  await say(boris, id, 'Список покупок:\n```\nхлеб\nсыр\nпомидоры\n```');
  await say(vera, id, 'Так там было в прошлом году', { files: await memories(server, page, vera.token) });
  await say(kate, id, '🎉');
  await say(anna, id, 'Тогда до субботы. ||Торт уже заказан||');
  await say(boris, id, '@Анна Петрова, захвати гитару', { mentions: [anna.id] });
  for (const [hue, who] of [boris, kate].entries())
    await give(server, '/users/me', await portrait(page, 60 + hue * 190), who.token);
  await give(server, `/chats/${id}`, await portrait(page, 150), anna.token);
  const invite = await server.call<{ url: string }>('POST', `/chats/${id}/invites`, {}, anna.token);
  const newcomer = await server.person('Ольга Новикова');
  return { anna, boris, newcomer, group: id, invite: invite.url };
}

/** Shows every screen and its important states to `visit(name)`. */
export async function everyScreen(
  someone: Someone,
  server: Server,
  words: (typeof WORDS)['en'],
  visit: (name: string) => Promise<void>,
): Promise<void> {
  await refuseOneMessage(someone);
  const { page } = someone;
  await page.goto(server.entrance);
  await page.locator('form').waitFor();
  await visit('first-run');
  const all = await family(server, page);
  await page.goto(all.invite);
  await page.locator('form').waitFor();
  await visit('invited');
  await page.goto('/');
  await page.locator('form').waitFor();
  await visit('sign-in');
  await page.getByLabel(words.email).fill('anna@example.org');
  await page.getByLabel(words.password, { exact: true }).fill('not this one');
  await page.getByRole('button', { name: words.submit, exact: true }).click();
  await page.getByRole('alert').waitFor();
  await visit('sign-in-error');
  await letterScreens(someone, server, visit);
  await someone.signInByHand(all.newcomer.email, words);
  await visit('empty');
  await page.goto('/settings');
  await page.getByRole('button', { name: words.signOut }).click();
  await page.locator('form input[name=password]').waitFor();
  await someone.signInByHand(all.anna.email, words);
  await visit('chats');
  await list(someone, visit);
  await conversation(someone, server, words, visit, all);
  await dialogs(someone, words, visit, all);
  await trouble(someone, words, visit, all);
  await voiceScreens(page, server, all.boris, all.group, visit);
}

/** Shows pinned, muted, archived and unread chats; the menu of a row, and its submenu. */
async function list({ page }: Someone, visit: (name: string) => Promise<void>): Promise<void> {
  const row = (name: RegExp) => page.getByRole('navigation').getByRole('link', { name });
  const acts = [
    [/^Борис/, 'P'],
    [/^Вера/, 'M'],
    [/^Dmitri/, 'A'],
    [/^Kate/, 'U'],
  ] as const;
  for (const [name, key] of acts) {
    await row(name).focus();
    await page.keyboard.press(`Alt+Shift+Key${key}`);
  }
  await visit('list-of-mine');
  await row(/^Борис/).click({ button: 'right' });
  await page.getByRole('menu').waitFor();
  await visit('row-menu');
  await page.keyboard.press('End');
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio').first().waitFor();
  await visit('row-menu-level');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
}

async function conversation(
  someone: Someone,
  server: Server,
  words: (typeof WORDS)['en'],
  visit: (name: string) => Promise<void>,
  all: Family,
) {
  const { page } = someone;
  await someone.open('Выходные на даче');
  await page.locator('article').last().waitFor();
  await visit('conversation');
  await page.locator('article').nth(2).click({ button: 'right' });
  await visit('message-menu');
  await page.getByRole('menuitem', { name: words.readBy }).click();
  await page.getByRole('dialog').waitFor();
  await visit('read-by');
  await page.keyboard.press('Escape');
  const browser = someone.context.browser();
  if (!browser) throw new Error('no browser');
  const boris = await Someone.arrives(browser, server);
  await boris.signIn(all.boris.email);
  await boris.page.goto(`/chat/${all.group}`);
  // The server does not learn of typing before his page is connected.
  await expect(async () => {
    await boris.composer().pressSequentially('.');
    await expect(page.getByRole('main').locator('em').filter({ hasText: 'Борис' })).toBeVisible({ timeout: 2000 });
  }).toPass();
  await visit('typing');
  await boris.context.close();
}

async function dialogs(
  someone: Someone,
  words: (typeof WORDS)['en'],
  visit: (name: string) => Promise<void>,
  all: Family,
) {
  const { page } = someone;
  await page.goto(`/chat/${all.group}`);
  await page.getByRole('button', { name: words.members, exact: true }).click();
  await someone.panel().getByRole('listitem').first().waitFor();
  await visit('members');
  await someone.panel().getByRole('listitem').filter({ hasText: 'Kate Miller' }).getByRole('button').first().click();
  await page.getByRole('dialog').getByRole('heading', { level: 3 }).waitFor();
  await visit('profile');
  await galleryScreens(page, all.group, visit);
  await page.keyboard.press('Control+k');
  await visit('switcher');
  await page.keyboard.insertText(words.find);
  await visit('switcher-found');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+Shift+KeyP');
  await page.keyboard.insertText(words.command);
  await visit('palette');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.emoji }).click();
  await page.getByRole('dialog', { name: words.emoji }).waitFor();
  await visit('emoji');
  await page.keyboard.press('Escape');
  await someone.composer().fill('Точно :сердц');
  await page.getByRole('option').first().waitFor();
  await visit('completion');
  await someone.composer().fill('');
  await settingsScreens(page, words, visit);
  await page.goto('/');
  await page.getByRole('button', { name: words.chat, exact: true }).first().click();
  await visit('new-chat');
  await page.getByRole('button', { name: words.group }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Борис' }).click();
  await visit('new-group');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.chat, exact: true }).first().click();
  await page.getByRole('button', { name: words.invite }).click();
  await visit('invite-before');
  await page.getByRole('dialog').getByRole('button', { name: words.link }).click();
  await page.getByRole('dialog').getByRole('img').waitFor();
  await visit('invite');
  await page.getByRole('dialog').locator('summary').click();
  await visit('invite-options');
  await page.keyboard.press('Escape');
}

async function trouble(
  someone: Someone,
  words: (typeof WORDS)['en'],
  visit: (name: string) => Promise<void>,
  all: Family,
) {
  const { page, context } = someone;
  await page.goto(`/chat/${all.group}`);
  await page.locator('article').last().waitFor();
  await someone.composer().fill(REFUSED);
  await page.locator('main form').locator('button[type=submit]').click();
  await page.getByRole('alert').waitFor();
  await visit('failed');
  await context.setOffline(true);
  await someone.composer().fill('Я уже в электричке');
  await page.locator('main form').locator('button[type=submit]').click();
  await page.getByText(words.mobile).waitFor();
  await visit('offline');
  await context.setOffline(false);
  await page.getByText(words.mobile).waitFor({ state: 'hidden', timeout: 30_000 });
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/messages?**', (route) => held.then(() => route.abort()));
  await page.goto('/');
  await someone.open('Kate Miller');
  await page.locator('main [aria-busy=true]').waitFor();
  await visit('loading');
  answer();
  await page.getByRole('button', { name: words.again }).waitFor();
  await visit('load-error');
  await page.unroute('**/messages?**');
}

/** Changes a message on its way to the server into an impossible reply: the screen shows a real refusal. */
async function refuseOneMessage({ context }: Someone): Promise<void> {
  const bent = (text: string) => (text.includes(REFUSED) ? text.replace('"reply_to":null', '"reply_to":9999') : text);
  await context.routeWebSocket(/\/api\/ws/, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((frame) => server.send(bent(String(frame))));
  });
  // Applies as long as the socket is not open.
  await context.route('**/api/chats/*/messages', (route) =>
    route.continue({ postData: bent(route.request().postData() ?? '') }),
  );
}
