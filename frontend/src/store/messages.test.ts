import { expect, it } from 'vitest';
import type { MessageView } from '../api/types';
import { HELD_MAX, merge, trimmed, type Window, withChanged, withCreated } from './messages';

const message = (seq: number, rev = 1): MessageView => ({
  chat_id: 1,
  seq,
  kind: 'text',
  sender_id: 2,
  text: `n ${seq}`,
  entities: [],
  service: null,
  sent_at: '2026-01-01T00:00:00.000Z',
  rev,
  edited_at: null,
  deleted_at: null,
  deleted_by: null,
  reply_to: null,
});
const range = (from: number, to: number, hasBefore = true, hasAfter = true): Window => ({
  items: Array.from({ length: to - from + 1 }, (_, place) => message(from + place)),
  hasBefore,
  hasAfter,
});
const seqs = (window: Window): number[] => window.items.map((one) => one.seq);

it('merges what adjoins or overlaps, in any order, without holes', () => {
  for (let round = 0; round < 300; round += 1) {
    const from = 1 + Math.floor(Math.random() * 40);
    const first = range(from, from + Math.floor(Math.random() * 20));
    const start = 1 + Math.floor(Math.random() * 60);
    const page = range(start, start + Math.floor(Math.random() * 20));
    const all = seqs(merge(first, page));
    expect(all).toEqual(Array.from({ length: all.length }, (_, place) => (all[0] ?? 0) + place));
    expect(seqs(page).every((seq) => all.includes(seq))).toBe(true);
  }
});

it('grows only at the newest', () => {
  expect(seqs(withCreated(range(1, 3, false, false), message(4)))).toEqual([1, 2, 3, 4]);
  expect(seqs(withCreated(range(1, 3, false, true), message(4)))).toEqual([1, 2, 3]);
  expect(withCreated(range(1, 3, false, false), message(6)).hasAfter).toBe(true);
  // An empty window has missed the first message: it must not count as the whole history.
  const empty = { items: [], hasBefore: false, hasAfter: false };
  expect(withCreated(empty, message(1)).items).toHaveLength(1);
  expect(withCreated(empty, message(2))).toEqual({ ...empty, hasAfter: true });
  expect(seqs(withCreated(range(1, 3, false, false), message(3)))).toEqual([1, 2, 3]);
});

it('never goes back to an older version', () => {
  const edited = withChanged(range(1, 3), { ...message(2, 3), text: 'third' });
  expect(withChanged(edited, message(2, 2))).toBe(edited);
  expect(merge(edited, range(2, 4)).items[1]?.text).toBe('third');
});

it('drops what is farthest from the reader, and only when it is far too long', () => {
  const long = range(11, 310, false, false);
  const kept = (seq: number) => {
    const { items, hasBefore, hasAfter } = trimmed(long, seq);
    return [items[0]?.seq, items.at(-1)?.seq, hasBefore, hasAfter];
  };
  expect(kept(Infinity)).toEqual([111, 310, true, false]);
  expect(kept(250)).toEqual([111, 310, true, false]);
  expect(kept(160)).toEqual([60, 259, true, true]);
  expect(kept(20)).toEqual([11, 210, false, true]);
  expect(trimmed(long, Infinity).items).toHaveLength(HELD_MAX);
  const few = range(1, HELD_MAX + 20);
  expect(trimmed(few, Infinity)).toBe(few);
});

it('is the same window after a message beyond it', () => {
  const back = range(1, 3, false, true);
  expect(withCreated(back, message(9))).toBe(back);
});
