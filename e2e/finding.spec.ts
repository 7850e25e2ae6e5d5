/** Chats, people and commands are found by name; everything goes by keys. */
import { expect, type Server, type Someone, test } from './world';

/** Somebody signed in with direct chats with people of these names, the last one active last. */
async function withChats(server: Server, someone: () => Promise<Someone>, names: string[]) {
  const ann = await server.person('Ann');
  const others = [];
  for (const name of names) {
    const other = await server.person(name);
    const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: other.id }, ann.token);
    await server.call('POST', `/chats/${id}/messages`, { text: `from ${name}`, client_msg_id: crypto.randomUUID() }, other.token);
    others.push({ ...other, chat: id });
  }
  const one = await someone();
  await one.signIn(ann.email);
  return { one, others };
}

const header = (one: Someone, name: string) => one.page.getByRole('main').getByRole('heading', { level: 1, name });

test('the switcher opens within one frame and leads back to the chat before', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob', 'Cid', 'Dan']);
  await one.open('Bob');
  await one.open('Cid');
  const isOpen = await one.page.evaluate(async () => {
    dispatchEvent(new KeyboardEvent('keydown', { code: 'KeyK', key: 'л', ctrlKey: true, bubbles: true }));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return document.querySelector('dialog[open] input') === document.activeElement;
  });
  expect(isOpen).toBe(true);
  await one.page.keyboard.press('Enter');
  await expect(header(one, 'Bob')).toBeVisible();
});

test('the switcher finds people one has not written to, and says when nobody is found', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob']);
  await server.person('Марина');
  await one.page.keyboard.press('Control+k');
  await one.page.keyboard.insertText('zzzz');
  await expect(one.page.getByRole('dialog').getByText('Nothing found')).toBeVisible();
  await one.page.getByRole('combobox').fill('Мар');
  await one.page.getByRole('option', { name: 'Марина' }).click();
  await expect(header(one, 'Марина')).toBeVisible();
});

test('a question mark opens the keys', async ({ server, someone }) => {
  const { one } = await withChats(server, someone, ['Bob']);
  await one.page.keyboard.press('Shift+Slash');
  await expect(one.page.getByRole('heading', { name: 'Keys' })).toBeInViewport();
});
