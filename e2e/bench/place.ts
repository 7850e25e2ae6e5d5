/** A person who has lived here for a while, and the messages that arrive. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Server } from '../world';

type Person = Awaited<ReturnType<Server['person']>>;

const CHATS = 200;
/** The chat beside the long one, of a full window. */
export const OTHER = 'Second chat';
export const TEXTS = [
  'ок',
  'Да, конечно, завтра в десять у входа.',
  'Could you send me the address again? I lost it with my old phone.',
  'https://example.org/a/rather/long/address?with=some&parameters=of#its-own',
  '🎉🎉',
  'Смотри: если **сначала** посолить воду, а _потом_ класть макароны, они не слипаются. Бабушка всегда так делала.',
  '```ts\nconst answer = 42;\nexport default answer;\n```',
  'One line.\nAnother line.\n\n> and what was said before\n\nThat is all there is to say about it for now, I think.',
  `${'Длинный рассказ о том, как мы ехали на дачу и что из этого вышло. '.repeat(8)}`,
  'Ha, `git push --force` again?',
];

export interface Place {
  ann: Person;
  bob: Person;
  chat: number;
}

/** Runs so many calls, sixteen at a time. */
async function many(count: number, call: (n: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await call(next);
    }
  };
  await Promise.all(Array.from({ length: 16 }, lane));
}

const say = (server: Server, { token }: Person, chat: number, n: number) =>
  server.call('POST', `/chats/${chat}/messages`, { text: `${n}. ${TEXTS[n % TEXTS.length]}` }, token);

/** Makes a person with 200 chats, of which one is so long and one fills a window. */
export async function lived(server: Server, messages: number): Promise<Place> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const group = async (name: string): Promise<number> =>
    (await server.call<{ id: number }>('POST', '/chats', { kind: 'group', name, member_ids: [bob.id] }, ann.token)).id;
  await many(CHATS - 2, async (n) => say(server, bob, await group(`Group ${n}`), n));
  const second = await group(OTHER);
  await many(200, (n) => say(server, bob, second, n));
  const body = { kind: 'direct', user_id: bob.id };
  const { id: chat } = await server.call<{ id: number }>('POST', '/chats', body, ann.token);
  await many(messages, (n) => say(server, n % 7 < 5 ? bob : ann, chat, n));
  return { ann, bob, chat };
}

/** Sends so many messages a second for so many seconds. */
export async function rain(server: Server, { bob, chat }: Place, rate: number, seconds: number): Promise<void> {
  const sent: Promise<unknown>[] = [];
  const began = Date.now();
  for (let n = 0; n < rate * seconds; n += 1) {
    await sleep(Math.max(0, began + (1000 * n) / rate - Date.now()));
    sent.push(say(server, bob, chat, n));
  }
  await Promise.all(sent);
  await sleep(1000);
}
