/** Two people and a chat with many messages, made over the API. */
import type { Server, Someone } from './world';

type Person = Awaited<ReturnType<Server['person']>>;

interface Talk {
  ann: Person;
  bob: Person;
  chat: number;
}

/** Creates two people with a chat of so many messages, ten each by turns. */
export async function talk(server: Server, count: number): Promise<Talk> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const { id } = await server.call<{ id: number }>('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  for (let n = 1; n <= count; n += 1) await say(server, n % 20 < 10 ? ann : bob, id, `message ${n}.`);
  return { ann, bob, chat: id };
}

export const say = (server: Server, who: { token: string }, chat: number, text: string) =>
  server.call<{ seq: number }>(
    'POST',
    `/chats/${chat}/messages`,
    { text, client_msg_id: crypto.randomUUID() },
    who.token,
  );

export const scrollBy = (one: Someone, by: number) =>
  one.page.getByRole('region').evaluate((box, by) => {
    box.scrollTop += by;
  }, by);
