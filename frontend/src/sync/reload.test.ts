/** Snapshots that load during events: neither reverts the other. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, EventFrame, MessageView } from '../api/types';
import { chat, putChats } from '../store/chats';
import { windowOf } from '../store/messages';
import { dropRanges } from '../store/ranges';
import { me, phase } from '../store/session';
import { Engine } from './engine';
import { lineBack } from './line/waker';
import { isReloading, reload } from './reload';

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
const my = { read_seq: 0, unread: 0, rev: 1, unread_from: null };
/** Returns the chat as the server has it after so many messages, one event each. */
const view = (count: number): ChatView =>
  ({ id: 7, kind: 'group', head_seq: count, at_ev: count, member_count: 2, my: { ...my, at_ev: count } }) as ChatView;

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
    // The current state of the server; an event reports each change before its answer arrives.
    const list = { items: [view(count)], page: { next_cursor: null, epoch: 1, user_ev: 1 } };
    const { after, limit } = Object.fromEntries(new URL(path, 'http://server').searchParams);
    const first = after === undefined ? Math.max(1, count + 1 - Number(limit)) : Number(after) + 1;
    const last = Math.min(count, first - 1 + Number(limit));
    const items = Array.from({ length: Math.max(0, last + 1 - first) }, (_, place) => said(first + place));
    const page = { items, page: { has_before: first > 1, has_after: last < count, at_ev: count } };
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

const range = (from: number, to: number) => Array.from({ length: to + 1 - from }, (_, place) => said(from + place));

it.each([
  ['in the middle of the history', [101, 150, true], [101, 300, true]],
  ['far from the end that was loaded', [301, 450, false], [301, 480, false]],
  ['at an end that was left far behind', [201, 250, false], [281, 480, false]],
  ['after an end that was taken back', [500, 520, false], [281, 480, false]],
] as const)('shows the same messages to a reader %s', async (_, [from, to, hasAfter], [first, last, hasMore]) => {
  count = 480;
  dropRanges(7, { items: range(from, to), hasBefore: true, hasAfter });
  await reload(engine, ['user:1'], 'polling');
  const window = windowOf(7).value;
  expect([window?.items[0]?.seq, window?.items.at(-1)?.seq, window?.hasAfter]).toEqual([first, last, hasMore]);
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
  lineBack.wake();
  await done;
  expect(isReloading()).toBe(false);
  expect(texts()).toHaveLength(5);
});

it('drops a chat that is refused', async () => {
  vi.stubGlobal('fetch', async () => Response.json({ status: 404, code: 'chat.not_found' }, { status: 404 }));
  await reload(engine, [TOPIC], 'retention');
  expect(chat(7)).toBeUndefined();
});
