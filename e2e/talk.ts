/** People, chats and messages, made over the API. */
import type { Server, Someone } from './world';

export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

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

/** Creates a group of Ann, Bob and Cid. */
export async function group(server: Server): Promise<{ ann: Person; bob: Person; cid: Person; id: number }> {
  const [ann, bob, cid] = [await server.person('Ann'), await server.person('Bob'), await server.person('Cid')];
  const body = { kind: 'group', name: 'Den', member_ids: [bob.id, cid.id] };
  const { id } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  return { ann, bob, cid, id };
}

export const say = (server: Server, who: { token: string }, chat: number, text: string, more = {}) =>
  server.call<{ seq: number; sent_at: string }>(
    'POST',
    `/chats/${chat}/messages`,
    { text, client_msg_id: crypto.randomUUID(), ...more },
    who.token,
  );

/** Marks everything in a chat as read by a person. */
export async function readAll(server: Server, who: { token: string }, chat: number): Promise<void> {
  const { head_seq: seq } = await server.call<{ head_seq: number }>('GET', `/chats/${chat}`, undefined, who.token);
  await server.call('PUT', `/chats/${chat}/read`, { seq }, who.token);
}

export const scrollBy = (one: Someone, by: number) =>
  one.page.getByRole('region').evaluate((box, by) => {
    box.scrollTop += by;
  }, by);
