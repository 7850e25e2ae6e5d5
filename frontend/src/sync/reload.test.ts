/** Snapshots that are taken while events go on: neither puts the other back. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, EventFrame, MessageView } from '../api/types';
import { chat, putChats } from '../store/chats';
import { windowOf } from '../store/messages';
import { dropRanges } from '../store/ranges';
import { me, phase } from '../store/session';
import { Engine } from './engine';
import { hurryReload, isReloading, reload } from './reload';

const TOPIC = 'chat:7';
const said = (seq: number): MessageView =>
  ({ chat_id: 7, seq, rev: 1, kind: 'text', sender_id: 2, text: `${seq}`, sent_at: '' }) as MessageView;
const created = (seq: number): EventFrame => ({
  type: 'message.created',
  topic: TOPIC,
  ev: seq,
  at: '',
  data: said(seq),
});
/** The chat as the server has it after so many messages, one event each. */
const view = (count: number): ChatView =>
  ({ id: 7, kind: 'group', head_seq: count, at_ev: count, member_count: 2 }) as ChatView;

let engine: Engine;
let count: number;
let before: () => void;

beforeEach(() => {
  [count, before] = [3, () => {}];
  me.value = { id: 1 } as typeof me.value;
  phase.value = 'in';
  engine = new Engine({
    resume: () => expect.fail('a hole'),
    reload: () => undefined,
    taken: () => undefined,
    moved: () => undefined,
  });
  engine.start({ epoch: 1, streams: { [TOPIC]: 3, 'user:1': 1 } });
  putChats([view(3)]);
  dropRanges(7, { items: [1, 2, 3].map(said), hasBefore: false, hasAfter: false });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', async (path: string) => {
    // What the server has now; what comes before its answer arrives is told by an event.
    const list = { items: [view(count)], page: { next_cursor: null, epoch: 1, user_ev: 1 } };
    const items = Array.from({ length: count }, (_, place) => said(place + 1));
    const page = { items, page: { has_before: false, has_after: false, at_ev: count } };
    const body = /messages/.test(path) ? page : /chats\/7/.test(path) ? view(count) : list;
    before();
    return Response.json(body);
  });
});

afterEach(() => vi.unstubAllGlobals());

const say = (): void => {
  count += 1;
  engine.receive(created(count));
};
const texts = (): string[] | undefined => windowOf(7).value?.items.map((one) => one.text);

it.each([
  ['everything', ['user:1']],
  ['one chat', [TOPIC]],
])('loses no event that overtakes the snapshot of %s', async (_, topics) => {
  let more = 4;
  before = () => more-- > 0 && say();
  await reload(engine, topics, 'polling');
  say();
  expect(texts()).toEqual(Array.from({ length: count }, (_, place) => `${place + 1}`));
  expect(chat(7)?.head_seq).toBe(count);
  expect(engine.position(TOPIC)).toBe(count);
});

it('is not put back behind an event that overtook it where nothing is on screen', async () => {
  dropRanges(7, null);
  let more = 1;
  before = () => more-- > 0 && say();
  await reload(engine, ['user:1'], 'polling');
  say();
  expect(engine.position(TOPIC)).toBe(5);
});

it('goes on until an answer came, and keeps nothing meanwhile', async () => {
  let isAway = true;
  before = () => {
    if (isAway) throw new TypeError('network');
  };
  count = 5;
  const done = reload(engine, [TOPIC], 'too_many');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isReloading()).toBe(true);
  isAway = false;
  hurryReload();
  await done;
  expect(isReloading()).toBe(false);
  expect(texts()).toHaveLength(5);
});

it('drops a chat that is refused', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ status: 404, code: 'chat.not_found' }, { status: 404 }));
  await reload(engine, [TOPIC], 'retention');
  expect(chat(7)).toBeUndefined();
});
