/** The first whole conversation between two people. */
import { expect, keptWords, test } from './world';

test('the first account, an invite, and two people who write to each other', async ({ server, someone }) => {
  const ann = await someone();
  await ann.page.goto(server.entrance);
  await expect(ann.page.getByRole('heading', { name: 'Your own messenger' })).toBeVisible();
  await ann.register('Ann', 'Family');
  await expect(ann.page.getByText('No chats yet')).toBeVisible();
  await ann.page.getByRole('button', { name: 'Invite someone' }).click();
  await ann.page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click();
  const link = await ann.page.getByRole('dialog').getByRole('textbox', { name: 'Invite link' }).inputValue();
  await ann.page.keyboard.press('Escape');

  const bob = await someone();
  await bob.page.goto(link);
  await expect(bob.page.getByText('Ann invites you')).toBeVisible();
  await bob.register('Боб');
  await bob.open('Ann');
  await ann.open('Боб');
  await bob.say('Привет, **Анна**');
  await expect(ann.message('Привет, Анна').locator('strong')).toHaveText('Анна');
  await ann.say('Hello Bob');
  await expect(bob.message('Hello Bob')).toHaveCount(1);
  await expect(ann.page.locator('article').last().getByRole('img', { name: 'read' })).toBeVisible();
});

test('typing is shown to the other', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.composer().pressSequentially('Hel');
  await expect(bob.page.getByRole('main').getByText('Ann is typing…')).toBeVisible();
});

test('a message written offline is sent once when the network returns', async ({ pair }) => {
  const [ann, bob] = await pair();
  const state = ann.page.getByRole('main').locator('header').getByText('online', { exact: true });
  await expect(state).toBeVisible();
  await ann.context.setOffline(true);
  await ann.say('written in a tunnel');
  await expect(ann.message('written in a tunnel')).toBeVisible();
  await expect(ann.page.getByText(/No network since .+\. Messages will be sent when it returns\./)).toBeVisible();
  await expect(ann.page.getByRole('navigation')).toContainText('You: written in a tunnel');
  await expect(state, 'not known without a network').toHaveCount(0);
  await ann.context.setOffline(false);
  await expect(state).toBeVisible({ timeout: 30_000 });
  await expect(bob.message('written in a tunnel')).toHaveCount(1, { timeout: 30_000 });
  await expect(ann.message('written in a tunnel')).toHaveCount(1);
  await expect(ann.page.getByText('No network')).toHaveCount(0, { timeout: 30_000 });
});

test('the page opens without a network and sends when it returns', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('before the tunnel');
  await ann.page.evaluate(async () => {
    await navigator.serviceWorker.ready;
  });
  await expect.poll(() => keptWords(ann.page)).toContain('before the tunnel');
  await ann.server.stop();
  await ann.page.reload();
  await expect(ann.message('before the tunnel')).toHaveCount(1);
  await ann.say('from the tunnel');
  await ann.server.start();
  await expect(bob.message('from the tunnel')).toHaveCount(1, { timeout: 30_000 });
});

test('an unsent message survives a reload of the page', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await server.kill();
  await ann.say('kept through a reload');
  await expect(ann.message('kept through a reload')).toBeVisible();
  await server.start();
  await ann.page.reload();
  await expect(bob.message('kept through a reload')).toHaveCount(1, { timeout: 40_000 });
  await expect(ann.message('kept through a reload')).toHaveCount(1);
});

test('the server is killed and restarted in the middle of a conversation', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await ann.say('one');
  await expect(bob.message('one')).toHaveCount(1);
  await server.kill();
  await ann.say('two');
  await bob.say('three');
  await server.start();
  for (const person of [ann, bob]) {
    for (const text of ['one', 'two', 'three']) await expect(person.message(text)).toHaveCount(1, { timeout: 40_000 });
  }
  const texts = async (page: typeof ann.page) =>
    (await page.locator('article').allInnerTexts()).map((one) => one.split('\n')[0]);
  await expect(async () => expect(await texts(ann.page)).toEqual(await texts(bob.page))).toPass();
});

test('a message is edited and deleted for both', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('frist');
  await ann.choose('frist', 'Edit');
  await ann.composer().fill('first');
  await ann.composer().press('Enter');
  await expect(bob.message('first')).toContainText('edited');
  await ann.page.clock.install();
  await ann.choose('first', 'Delete');
  await expect(ann.message('Message deleted')).toBeVisible();
  await ann.page.clock.fastForward(11_000);
  await expect(bob.message('Message deleted')).toBeVisible();
  await expect(bob.message('first')).toHaveCount(0);
});

test('a deletion can be undone for ten seconds', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('keep me');
  await ann.page.clock.install();
  await ann.choose('keep me', 'Delete');
  await ann.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ann.message('keep me')).toBeVisible();
  await ann.page.clock.fastForward(11_000);
  // A deletion that were still made would arrive before these words.
  await ann.say('and this');
  await expect(bob.message('and this')).toBeVisible();
  await expect(bob.message('keep me')).toHaveCount(1);
});

test('a deletion can still be undone after a reload of the page', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('keep me too');
  await expect(bob.message('keep me too')).toHaveCount(1);
  await ann.choose('keep me too', 'Delete');
  await ann.page.evaluate(() => location.reload());
  await expect(ann.message('Message deleted')).toBeVisible();
  await ann.page.getByRole('button', { name: 'Undo' }).click();
  await expect(ann.message('keep me too')).toBeVisible();
  await ann.say('and this');
  await expect(bob.message('and this')).toBeVisible();
  await expect(bob.message('keep me too')).toHaveCount(1);
});

test('a deletion is carried out even if the page closes within the ten seconds', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('not for long');
  await expect(bob.message('not for long')).toHaveCount(1);
  await ann.choose('not for long', 'Delete');
  await ann.page.goto('about:blank');
  await expect(bob.message('not for long')).toHaveCount(0);
});

test('a reply quotes its message and leads to it', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.say('shall we meet?');
  await expect(bob.message('shall we meet?')).toBeVisible();
  await bob.choose('shall we meet?', 'Reply');
  await bob.say('yes, at six');
  const answer = ann.message('yes, at six');
  await expect(answer.getByRole('button', { name: 'shall we meet?' })).toBeVisible();
});

test('a second device sees the same, and ends when its session is ended', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const [phone, laptop] = [await someone(), await someone()];
  await phone.signIn(ann.email);
  await laptop.signIn(ann.email);
  await phone.page.getByRole('button', { name: 'New chat' }).click();
  await phone.page.getByRole('button', { name: 'Saved messages' }).click();
  await phone.say('buy milk');
  await laptop.open('Saved messages');
  await expect(laptop.message('buy milk')).toHaveCount(1);
  await phone.page.goto('/settings/devices');
  await phone.page.getByRole('button', { name: 'End all other sessions' }).click();
  await expect(laptop.page.getByRole('heading', { name: /Sign in/ })).toBeVisible({ timeout: 10_000 });
});

test('a group is created, renamed and left', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const [one, other] = [await someone(), await someone()];
  await one.signIn(ann.email);
  await other.signIn(bob.email);
  await one.page.getByRole('button', { name: 'New chat' }).click();
  await one.page.getByRole('button', { name: 'New group' }).click();
  await one.page.getByLabel('Group name').fill('Den');
  await one.page.getByRole('dialog').getByRole('button', { name: 'Bob' }).click();
  await one.page.getByRole('button', { name: 'Create group' }).click();
  await other.open('Den');
  await one.say('@Bo');
  await one.say('hello all');
  await expect(other.message('hello all')).toHaveCount(1);
  await one.page.getByRole('button', { name: 'Members', exact: true }).click();
  await one.page.getByLabel('Group name').fill('The den');
  await one.page.getByRole('button', { name: 'Rename' }).click();
  await expect(other.page.getByRole('heading', { name: 'The den' })).toBeVisible();
  await other.page.getByRole('button', { name: 'Members', exact: true }).click();
  await other.page.getByRole('button', { name: 'Leave group' }).click();
  await other.page.getByRole('alertdialog').getByRole('button', { name: 'Leave group' }).click();
  await expect(other.page.getByRole('navigation').getByRole('link', { name: 'The den' })).toHaveCount(0);
});

test('everything by keyboard', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.page.keyboard.press('Control+k');
  await ann.page.keyboard.type('Bo');
  await ann.page.keyboard.press('Enter');
  await ann.composer().focus();
  await ann.page.keyboard.type('by key');
  await ann.page.keyboard.press('Enter');
  await expect(bob.message('by key')).toHaveCount(1);
  await expect(ann.page.locator('article[data-seq]')).toHaveCount(1);
  await ann.page.keyboard.press('ArrowUp');
  await ann.page.keyboard.type('board');
  await ann.page.keyboard.press('Enter');
  await expect(bob.message('by keyboard')).toHaveCount(1);
  await ann.page.getByRole('region').focus();
  await ann.page.keyboard.press('ArrowUp');
  await ann.page.keyboard.press('Shift+F10');
  await expect(ann.page.getByRole('menu')).toBeVisible();
  await ann.page.keyboard.press('Escape');
  await expect(ann.page.getByRole('menu')).toHaveCount(0);
});

test('messages arrive also where no socket gets through', async ({ pair }) => {
  const [ann, bob] = await pair();
  await bob.context.routeWebSocket(/api\/ws/, (socket) => socket.close());
  await bob.page.reload();
  await ann.say('by another way');
  await expect(bob.message('by another way')).toHaveCount(1, { timeout: 20_000 });
  await bob.say('and back');
  await expect(ann.message('and back')).toHaveCount(1);
  await ann.say('twice is once');
  await expect(bob.message('twice is once')).toHaveCount(1);
  await expect(bob.page.getByText('Connecting…')).toHaveCount(0);
});

test('on a phone, in Russian', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Анна'), await server.person('Борис')];
  await server.call('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const phone = await someone({
    viewport: { width: 360, height: 740 },
    locale: 'ru-RU',
    hasTouch: true,
    isMobile: true,
  });
  await phone.signInByHand(ann.email, { email: 'Почта', password: 'Пароль', submit: 'Войти' });
  await phone.open('Борис');
  await expect(phone.page.getByRole('navigation')).toBeHidden();
  await phone.composer().fill('Как дела?');
  await phone.page.getByRole('button', { name: 'Отправить' }).click();
  await expect(phone.message('Как дела?')).toHaveCount(1);
  await phone.page.getByRole('button', { name: 'Назад' }).click();
  await expect(phone.page.getByRole('link', { name: 'Борис' })).toContainText('Вы: Как дела?');
  const width = await phone.page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(360);
});
