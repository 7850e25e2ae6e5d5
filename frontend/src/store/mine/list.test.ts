/** The places of chats in the list, by the clock and by their pins. */
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import type { ChatView, MemberState } from '../../api/types';
import { changeChat, chat, putChats, replaceChats } from '../chats';
import { type Item, outbox } from '../outbox';
import { archivedIds, chatIds, clock, isUnread, nextEnd, placesFor, topPlace, unreadTotal } from './list';
import { mine } from './state';

const plain = {
  read_seq: 2,
  unread: 0,
  mentions: 0,
  at_ev: 0,
  level: 'all',
  muted_until: null,
  pin: null,
  archived: null,
  unread_from: null,
  rev: 1,
};
const view = (id: number, my: Partial<MemberState> = {}): ChatView =>
  ({ id, kind: 'direct', head_seq: 5, created_at: `2026-01-0${id}`, my: { ...plain, ...my } }) as ChatView;
const set = (id: number, my: Partial<MemberState>): void => changeChat(id, (one) => ({ my: { ...one.my, ...my } }));

beforeEach(() => {
  clock.value = Date.parse('2026-01-10T00:00:00Z');
  outbox.value = [];
  replaceChats([]);
});

it('shows pinned chats first, by their places', () => {
  putChats([view(1, { pin: 7 }), view(2), view(3, { pin: -7 }), view(4)]);
  expect(chatIds.value).toEqual([3, 1, 4, 2]);
});

it('lets an archived chat return with a message, a muted one only when its mute is over', () => {
  const muted_until = '2026-01-10T00:01:00.000Z';
  putChats([view(1, { archived: 5 }), view(2, { archived: 4 }), view(3, { archived: 4, muted_until }), view(4)]);
  expect([chatIds.value, archivedIds.value]).toEqual([
    [4, 2],
    [3, 1],
  ]);
  clock.value += 60_000;
  expect([chatIds.value, archivedIds.value]).toEqual([[4, 3, 2], [1]]);
});

it('lets an archived chat that is muted return while it mentions me', () => {
  putChats([view(1, { archived: 4, muted_until: '9999-12-31T23:59:59.999Z', unread: 1 })]);
  expect(archivedIds.value).toEqual([1]);
  set(1, { mentions: 1 });
  expect(chatIds.value).toEqual([1]);
  set(1, { mentions: 0 });
  expect(archivedIds.value).toEqual([1]);
});

it('counts aloud what is not quiet, of a quiet chat the mentions, of an archived one nothing', () => {
  const muted_until = '2026-01-10T00:01:00.000Z';
  putChats([
    view(1, { unread: 1 }),
    view(2, { unread: 10, mentions: 2, muted_until }),
    view(3, { unread: 100, mentions: 5, level: 'mentions' }),
    view(4, { unread: 1000, mentions: 50, level: 'none' }),
    view(5, { unread: 1000, mentions: 50, archived: 5 }),
  ]);
  expect(unreadTotal.value).toBe(8);
  clock.value += 60_000;
  expect(unreadTotal.value).toBe(16);
});

it('knows when the next mute ends', () => {
  const at = (text: string) => ({ muted_until: `2026-01-${text}.000Z` });
  putChats([view(1, at('11T00:00:00')), view(2, at('10T12:00:00')), view(3, at('09T00:00:00')), view(4)]);
  expect(nextEnd.value).toBe(Date.parse('2026-01-10T12:00:00Z'));
  clock.value = nextEnd.value ?? 0;
  expect(nextEnd.value).toBe(Date.parse('2026-01-11T00:00:00Z'));
  clock.value = nextEnd.value ?? 0;
  expect(nextEnd.value).toBeNull();
});

it('lays what is on its way over what the server said, and of a field the last word', () => {
  putChats([view(1, { unread: 3, mentions: 1 }), view(2, { pin: 5 })]);
  const asked = { state: 'queued', at: '', reason: '' } as const;
  const item = (order: number, more: object) => ({ ...asked, cmid: `c${order}`, order, ...more }) as Item;
  outbox.value = [
    item(2, { verb: 'mine.set', key: 'mine/1/pin', data: { chat_id: 1, pin: 9 } }),
    item(1, { verb: 'mine.set', key: 'mine/1/pin', data: { chat_id: 1, pin: 1 }, state: 'sending' }),
    item(3, { verb: 'mine.set', key: 'mine/1/level', data: { chat_id: 1, level: 'none' } }),
  ];
  expect(chatIds.value).toEqual([2, 1]);
  expect(mine(chat(1) as ChatView)).toMatchObject({ pin: 9, level: 'none', muted_until: null, unread: 3 });
  outbox.value = [item(4, { verb: 'receipt.read', key: 'read/1', data: { chat_id: 1, seq: 5 } })];
  expect(mine(chat(1) as ChatView)).toMatchObject({ unread: 0, mentions: 0, pin: null });
  outbox.value = [item(5, { verb: 'mine.set', key: 'mine/2/unread_from', data: { chat_id: 2, unread_from: 5 } })];
  expect([isUnread(chat(1) as ChatView), isUnread(chat(2) as ChatView)]).toEqual([true, true]);
  outbox.value = [];
  expect(isUnread(chat(2) as ChatView)).toBe(false);
});

it('moves pinned chats as a list would, however often, nearly always by one write', () => {
  const moves = fc.array(fc.record({ at: fc.nat(4), step: fc.constantFrom<1 | -1>(1, -1) }), { maxLength: 200 });
  fc.assert(
    fc.property(moves, (steps) => {
      replaceChats([]);
      for (const id of [1, 2, 3, 4, 5]) {
        const pin = topPlace();
        putChats([view(id)]);
        set(id, { pin });
      }
      const expected = [5, 4, 3, 2, 1];
      expect(chatIds.value).toEqual(expected);
      for (const { at, step } of steps) {
        const id = expected[at] as number;
        const to = at + step;
        const places = placesFor(id, step);
        expect(places.length).toBe(to < 0 || to > 4 ? 0 : places.length === 5 ? 5 : 1);
        if (to >= 0 && to <= 4) expected.splice(to, 0, ...expected.splice(at, 1));
        for (const [one, pin] of places) set(one, { pin });
        expect(chatIds.value).toEqual(expected);
      }
    }),
    { numRuns: 300 },
  );
});
