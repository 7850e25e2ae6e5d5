/** The unread count is right whichever comes first, the server's count or the changes of the chat. */
import { beforeEach, expect, it } from 'vitest';
import type { MemberState } from '../api/types';
import { countAfter, countNow, MENTIONS_MAX, startCount, UNREAD_MAX } from './unread';

beforeEach(() => {
  startCount(7, Number.POSITIVE_INFINITY);
  startCount(7, 10);
});

const my = (unread: number, mentions = 0) => ({ unread, mentions, read_seq: 0, unread_from: null }) as MemberState;
const arrives = (unread: number, ev: number, seq: number) =>
  countAfter(7, my(unread), { ev, seq, unread: 1, mentions: 0 }).unread;
const goes = (unread: number, ev: number, seq: number) =>
  countAfter(7, my(unread), { ev, seq, unread: -1, mentions: 0 }).unread;
const now = (unread: number, at: number, after: number) => countNow(7, { unread, mentions: 0 }, at, after).unread;

it('adds what came after the count, also when the count comes later', () => {
  let unread = arrives(0, 11, 5);
  unread = arrives(unread, 13, 6);
  expect(unread).toBe(2);
  // Counted when only message 5 was there, behind a mark at 4.
  expect(now(1, 12, 4)).toBe(2);
});

it('does not add what the count holds already', () => {
  const unread = now(3, 15, 4);
  expect(arrives(unread, 14, 7)).toBe(3);
  expect(arrives(unread, 16, 8)).toBe(4);
});

it('takes a deleted message away once, and only behind the mark', () => {
  let unread = arrives(0, 11, 5);
  unread = goes(unread, 12, 5);
  expect(unread).toBe(0);
  // The mark is at 5: that message counted nothing, and its deletion takes nothing.
  expect(now(1, 10, 5)).toBe(1);
  expect(goes(1, 0, 6)).toBe(1);
});

it('stays at so many or more until the server counts anew', () => {
  const many = now(UNREAD_MAX, 20, 0);
  expect(goes(many, 21, 3)).toBe(UNREAD_MAX);
  expect(arrives(many, 22, 4000)).toBe(UNREAD_MAX);
  expect(now(2, 30, 4000)).toBe(2);
});

it('follows a history that begins anew with smaller numbers', () => {
  startCount(7, 2);
  expect(arrives(0, 3, 1)).toBe(1);
});

it('counts mentions beside the messages, up to so many', () => {
  const change = (mentions: number, by: number, ev: number, seq: number) =>
    countAfter(7, my(5, mentions), { ev, seq, unread: 0, mentions: by });
  expect(change(0, 1, 11, 5)).toEqual({ unread: 5, mentions: 1 });
  expect(change(1, -1, 12, 5)).toEqual({ unread: 5, mentions: 0 });
  expect(change(0, 1, 13, 6).mentions).toBe(1);
  // The server counted between the first two, behind a mark at 5: only the mention in message 6 is added.
  expect(countNow(7, { unread: 1, mentions: 0 }, 11, 5)).toEqual({ unread: 1, mentions: 1 });
  expect(change(MENTIONS_MAX, -1, 14, 6).mentions).toBe(MENTIONS_MAX);
  expect(change(MENTIONS_MAX - 1, 1, 15, 8).mentions).toBe(MENTIONS_MAX);
});
