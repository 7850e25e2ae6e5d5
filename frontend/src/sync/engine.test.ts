import { beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, EventFrame, MessageView } from '../api/types';
import { chat, putChats } from '../store/chats';
import { windowOf } from '../store/messages';
import { me } from '../store/session';
import { type Cursors, Engine, sealed } from './engine';

const TOPIC = 'chat:7';
const SEAL = 'AAAAAwGiGqLd-JGgGgzTnfeN';
const created = (ev: number): EventFrame => ({
  type: 'message.created',
  topic: TOPIC,
  ev,
  at: '',
  data: {
    chat_id: 7,
    seq: ev,
    kind: 'text',
    sender_id: 2,
    text: `n ${ev}`,
    entities: [],
    sent_at: `2026-01-01T00:00:${String(ev % 60).padStart(2, '0')}.000Z`,
    rev: 1,
  } as unknown as MessageView,
});
const empty = {
  id: 7,
  kind: 'group',
  name: 'den',
  created_at: '',
  rev: 1,
  my_role: 'member',
  member_count: 2,
  head_seq: 0,
  my: { read_seq: 0, unread: 0, at_ev: 0, rev: 1, unread_from: null },
  at_ev: 0,
} as ChatView;

beforeEach(() => {
  vi.useFakeTimers();
  me.value = { id: 1, name: 'me', role: 'member', created_at: '', rev: 1, avatar: null };
  putChats([empty]);
  windowOf(7).value = { items: [], hasBefore: false, hasAfter: false };
});

it('comes to the same end whatever is lost, repeated or out of order', () => {
  for (let round = 0; round < 60; round += 1) {
    putChats([{ ...empty }]);
    windowOf(7).value = { items: [], hasBefore: false, hasAfter: false };
    const total = 25;
    const engine = new Engine({
      resume: ({ streams }: Cursors) => {
        for (let ev = Number(streams[TOPIC] ?? 0) + 1; ev <= total; ev += 1) engine.receive(created(ev));
      },
      reload: () => undefined,
      taken: () => undefined,
      moved: () => undefined,
    });
    engine.start({ epoch: 1, streams: { [TOPIC]: 0 } });
    for (let ev = 1; ev <= total; ev += 1) {
      if (Math.random() < 0.2) continue;
      const other = Math.max(1, ev - Math.floor(Math.random() * 3));
      engine.receive(created(ev));
      if (Math.random() < 0.3) engine.receive(created(other));
    }
    engine.receive(created(total));
    vi.advanceTimersByTime(500);
    expect(windowOf(7).value?.items.map((one) => one.seq)).toEqual(
      Array.from({ length: total }, (_, place) => place + 1),
    );
    expect(chat(7)).toMatchObject({ head_seq: total, my: { unread: total } });
    expect(engine.position(TOPIC)).toBe(total);
  }
});

it('holds the events of a chat whose snapshot is loading', () => {
  const engine = new Engine({
    resume: () => undefined,
    reload: () => undefined,
    taken: () => undefined,
    moved: () => undefined,
  });
  engine.start({ epoch: 1, streams: {} });
  engine.receive(created(5));
  engine.receive(created(6));
  expect(windowOf(7).value?.items).toEqual([]);
  engine.place(TOPIC, 5);
  expect(engine.position(TOPIC)).toBe(6);
});

it('asks to load anew what cannot go on', () => {
  const reload = vi.fn();
  const engine = new Engine({ resume: () => undefined, reload, taken: () => undefined, moved: () => undefined });
  engine.start({ epoch: 1, streams: { [TOPIC]: 3 } });
  engine.resync([TOPIC], 'too_many');
  expect(reload).toHaveBeenCalledWith([TOPIC], 'too_many');
  expect(engine.cursors().streams).toEqual({});
});

it('puts any number of cursors into portions that fit into a frame', () => {
  const engine = new Engine({
    resume: () => undefined,
    reload: () => undefined,
    taken: () => undefined,
    moved: () => undefined,
  });
  expect(engine.portions()).toEqual([{ epoch: 0, streams: {} }]);
  const id = (n: number): string => `chat:${Number.MAX_SAFE_INTEGER - n}`;
  const streams = Object.fromEntries(
    Array.from({ length: 4000 }, (_, n) => [id(n), sealed(Number.MAX_SAFE_INTEGER, SEAL)]),
  );
  engine.start({ epoch: Number.MAX_SAFE_INTEGER, streams });
  const portions = engine.portions();
  expect(Object.assign({}, ...portions.map((one) => one.streams))).toEqual(streams);
  // Besides the cursors a `hello` holds a token of less than 2 KiB.
  for (const one of portions) expect(JSON.stringify(one).length).toBeLessThan(63 * 1024);
});

it('brings the seal of the last change of each stream', () => {
  const asked: Cursors[] = [];
  const engine = new Engine({
    resume: (cursors) => asked.push(cursors),
    reload: () => undefined,
    taken: () => undefined,
    moved: () => undefined,
  });
  engine.start({ epoch: 2, streams: { [TOPIC]: [3, SEAL], 'user:1': 1 } });
  engine.receive({ ...created(4), seal: 'four' });
  engine.receive(created(6));
  vi.advanceTimersByTime(500);
  expect(asked).toEqual([{ epoch: 2, streams: { [TOPIC]: [4, 'four'] } }]);
  engine.receive(created(5));
  const joined = { ...empty, id: 8, at_ev: 9, at_seal: 'nine' };
  engine.receive({ type: 'chat.joined', topic: 'user:1', ev: 2, seal: 'two', at: '', data: { chat: joined } });
  expect(engine.cursors().streams).toEqual({ [TOPIC]: 6, 'user:1': [2, 'two'], 'chat:8': [9, 'nine'] });
});

it('keeps what a chat said after its reader came back, when the leaving is heard last', () => {
  const engine = new Engine({
    resume: () => undefined,
    reload: () => undefined,
    taken: () => undefined,
    moved: () => undefined,
  });
  engine.start({ epoch: 1, streams: { [TOPIC]: 7, 'user:1': 1 } });
  engine.receive(created(10), created(11));
  engine.receive({ type: 'chat.left', topic: 'user:1', ev: 2, at: '', data: { chat_id: 7 } });
  expect(engine.position(TOPIC)).toBeUndefined();
  const joined = { ...empty, at_ev: 10 };
  engine.receive({ type: 'chat.joined', topic: 'user:1', ev: 3, at: '', data: { chat: joined } });
  expect(engine.position(TOPIC)).toBe(11);
});
