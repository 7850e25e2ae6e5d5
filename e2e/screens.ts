/** Every screen, visited in order: for pictures and for the accessibility check. */
import { type Server, Someone } from './world';

export const WORDS = {
  en: { email: 'E-mail', password: 'Password', submit: 'Sign in', members: 'Members', chat: 'New chat', invite: 'Invite someone', locale: 'en-GB' },
  ru: { email: 'Почта', password: 'Пароль', submit: 'Войти', members: 'Участники', chat: 'Новый чат', invite: 'Пригласить', locale: 'ru-RU' },
};

/** A family with something to say. */
async function family(server: Server): Promise<string> {
  const anna = await server.person('Анна Петрова');
  const others = [];
  for (const name of ['Борис', 'Kate Miller', 'Вера Николаевна', 'Dmitri']) others.push(await server.person(name));
  const [boris, kate, vera] = others;
  const say = (who: { token: string }, chat: number, text: string, more = {}) =>
    server.call<{ seq: number }>('POST', `/chats/${chat}/messages`, { text, client_msg_id: crypto.randomUUID(), ...more }, who.token);
  for (const other of others) {
    const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: other.id }, anna.token);
    await say(other, id, 'Привет! Это я 👋');
    if (other !== vera) await say(anna, id, 'Hello! Рада видеть.');
  }
  const body = { kind: 'group', name: 'Выходные на даче', member_ids: others.map((one) => one.id) };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, anna.token);
  await say(boris, id, 'Кто едет **в субботу**? Выезд в 9:00, собираемся у метро.');
  const when = await say(kate, id, 'I am in. Shall I bring the _big_ tent?');
  await say(anna, id, 'Да, возьми. Маршрут: https://maps.example.org/route/dacha-2026', { reply_to: when.seq });
  await say(vera, id, '> Shall I bring the tent?\nПалатка не нужна, места всем хватит.');
  await say(boris, id, 'Список покупок:\n```\nхлеб\nсыр\nпомидоры\n```');
  await say(kate, id, '🎉');
  await say(anna, id, 'Тогда до субботы. ||Торт уже заказан||');
  return anna.email;
}

/** Show every screen to `visit(name)`. */
export async function everyScreen(
  someone: Someone,
  server: Server,
  words: (typeof WORDS)['en'],
  visit: (name: string) => Promise<void>,
): Promise<void> {
  const { page } = someone;
  await page.goto('/');
  await page.locator('form').waitFor();
  await visit('first-run');
  const email = await family(server);
  await page.reload();
  await page.locator('form').waitFor();
  await visit('sign-in');
  await someone.signIn(email, words);
  await visit('chats');
  await someone.open('Выходные на даче');
  await page.locator('article').last().waitFor();
  await visit('conversation');
  await page.locator('article').nth(2).click({ button: 'right' });
  await visit('message-menu');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: words.members, exact: true }).click();
  await visit('members');
  await page.keyboard.press('Escape');
  await page.goto('/settings');
  await page.locator('section').first().waitFor();
  await visit('settings');
  await page.goto('/');
  await page.getByRole('button', { name: words.chat, exact: true }).click();
  await visit('new-chat');
  await page.getByRole('button', { name: words.invite }).click();
  await page.getByRole('dialog').getByRole('img').waitFor();
  await visit('invite');
}
