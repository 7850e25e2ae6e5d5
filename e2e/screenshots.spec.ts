/** Every screen at both widths, light and dark, in both languages: `make screenshots` writes them to /screenshots. */
import { mkdirSync } from 'node:fs';
import { type Server, Someone, test } from './world';

const FOLDER = new URL('../screenshots/', import.meta.url).pathname;
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };
const WORDS = {
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

for (const language of ['en', 'ru'] as const) {
  for (const size of ['phone', 'desktop'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`screens ${language} ${size} ${colorScheme} @screenshots`, async ({ browser, server }) => {
        mkdirSync(FOLDER, { recursive: true });
        const words = WORDS[language];
        const someone = await Someone.arrives(browser, server, { viewport: SIZES[size], colorScheme, locale: words.locale });
        const { page } = someone;
        const shot = async (name: string) => {
          await page.waitForTimeout(350);
          await page.screenshot({ path: `${FOLDER}${name}-${language}-${size}-${colorScheme}.png` });
        };
        await page.goto('/');
        await page.locator('form').waitFor();
        await shot('first-run');
        const email = await family(server);
        await page.reload();
        await page.locator('form').waitFor();
        await shot('sign-in');
        await someone.signIn(email, words);
        await shot('chats');
        await someone.open('Выходные на даче');
        await page.locator('article').last().waitFor();
        await shot('conversation');
        await page.locator('article').nth(2).click({ button: 'right' });
        await shot('message-menu');
        await page.keyboard.press('Escape');
        await page.getByRole('button', { name: words.members, exact: true }).click();
        await shot('members');
        await page.keyboard.press('Escape');
        await page.goto('/settings');
        await page.locator('section').first().waitFor();
        await shot('settings');
        await page.goto('/');
        await page.getByRole('button', { name: words.chat, exact: true }).click();
        await shot('new-chat');
        await page.getByRole('button', { name: words.invite }).click();
        await page.getByRole('dialog').getByRole('img').waitFor();
        await shot('invite');
        await someone.context.close();
      });
    }
  }
}
