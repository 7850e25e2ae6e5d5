/** Deleted words disappear from every screen and from the browser's storage. */
import { expect, type Someone, test } from './world';

/** Returns everything that IndexedDB and the page hold, as text. */
const everything = (one: Someone): Promise<string> =>
  one.page.evaluate(async () => {
    const kept: unknown[] = [document.documentElement.outerHTML, { ...localStorage }, { ...sessionStorage }];
    for (const area of document.querySelectorAll('textarea')) kept.push(area.value);
    for (const { name } of await indexedDB.databases()) {
      const db = await new Promise<IDBDatabase>((resolve, reject) => {
        const asked = indexedDB.open(name ?? '');
        asked.onsuccess = () => resolve(asked.result);
        asked.onerror = () => reject(asked.error);
      });
      for (const store of db.objectStoreNames)
        kept.push(
          await new Promise((resolve, reject) => {
            const asked = db.transaction(store).objectStore(store).getAll();
            asked.onsuccess = () => resolve(asked.result);
            asked.onerror = () => reject(asked.error);
          }),
        );
      db.close();
    }
    return JSON.stringify(kept);
  });

const holds = (one: Someone, words: string): Promise<boolean> => everything(one).then((all) => all.includes(words));

test('deleted text disappears from every screen and the storage of an online browser', async ({ server, someone }) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>(
    'POST',
    '/chats',
    { kind: 'group', name: 'Den', member_ids: [bob.id] },
    ann.token,
  );
  await server.call('POST', '/chats', { kind: 'saved' }, bob.token);
  const path = `/chats/${id}/messages`;
  const say = (who: { token: string }, text: string, more: object = {}) =>
    server.call<{ seq: number }>('POST', path, { text, client_msg_id: crypto.randomUUID(), ...more }, who.token);
  // One message is far back and quoted, one is near, one is the last line of the list.
  const far = await say(ann, 'far secret');
  for (let n = 1; n <= 60; n += 1) await say(n % 2 ? ann : bob, `filler ${n}.`);
  await say(bob, 'an answer to it', { reply_to: far.seq });
  const near = await say(bob, 'near secret');
  await server.call('PATCH', `${path}/${near.seq}`, { text: 'near secret, changed' }, bob.token);
  const last = await say(ann, 'last secret');

  // One browser reads the chat, one shows another chat and keeps this one in its storage.
  const [reader, other] = [await someone(), await someone()];
  for (const one of [reader, other]) {
    await one.signIn(bob.email);
    await one.open('Den');
    await expect(one.message('an answer to it')).toContainText('far secret');
    await expect.poll(() => holds(one, 'near secret, changed')).toBe(true);
  }
  await other.open('Saved messages');
  await expect(other.message('near secret')).toHaveCount(0);
  await expect(other.page.getByRole('navigation')).toContainText('last secret');
  await say(ann, 'spoken secret');
  await expect(reader.page.locator('[aria-live]').filter({ hasText: 'spoken secret' })).toHaveCount(1);
  await reader.choose('near secret, changed', 'Who has read it');
  await expect(reader.page.getByRole('dialog')).toContainText('near secret');

  for (const seq of [far.seq, near.seq, last.seq, last.seq + 1])
    await server.call('DELETE', `${path}/${seq}`, undefined, ann.token);
  await expect(reader.page.getByRole('dialog')).toHaveCount(0);
  await expect(reader.message('an answer to it')).toContainText('Message deleted');
  for (const one of [reader, other]) await expect.poll(() => holds(one, 'secret')).toBe(false);
});

test('an edit ends when its message is deleted', async ({ server, pair }) => {
  const [ann, bob] = await pair();
  await ann.say('secret of mine');
  await expect(bob.message('secret of mine')).toBeVisible();
  await ann.choose('secret of mine', 'Edit');
  await expect(ann.composer()).toHaveValue('secret of mine');
  const { chat, token } = await ann.page.evaluate(async () => {
    const { access_token } = await (
      await fetch('/api/auth/refresh', {
        method: 'POST',
        headers: { 'x-client': 'web', 'content-type': 'application/json' },
        body: '{}',
      })
    ).json();
    return { chat: Number(location.pathname.split('/')[2]), token: access_token as string };
  });
  await server.call('DELETE', `/chats/${chat}/messages/1`, undefined, token);
  await expect(ann.composer()).toHaveValue('');
  for (const one of [ann, bob]) await expect.poll(() => holds(one, 'secret')).toBe(false);
});

test('the versions of a message that was edited often come in pages', async ({ server, someone }) => {
  const ann = await server.person('Ann');
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'saved' }, ann.token);
  const path = `/chats/${id}/messages`;
  await server.call('POST', path, { text: 'version 1.', client_msg_id: crypto.randomUUID() }, ann.token);
  for (let rev = 2; rev <= 103; rev += 1)
    await server.call('PATCH', `${path}/1`, { text: `version ${rev}.` }, ann.token);
  const one = await someone();
  await one.signIn(ann.email);
  await one.open('Saved messages');
  await one.choose('version 103.', 'Earlier versions');
  const shown = one.page.getByRole('dialog').locator('time');
  await expect(shown).toHaveCount(50);
  const more = one.page.getByRole('button', { name: 'Show later versions' });
  await more.focus();
  await more.press('Enter');
  await expect(shown).toHaveCount(99);
  await expect(more).toHaveCount(0);
  await expect(one.page.locator(':focus')).toContainText('version 54.');
  await expect(one.page.getByRole('dialog')).toContainText('version 102.');
});
