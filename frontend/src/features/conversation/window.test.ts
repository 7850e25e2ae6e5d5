import { expect, it } from 'vitest';
import type { MessageView } from '../../api/types';
import type { Pending } from '../../store/messages';
import { keysOf, type Row, rowsOf, runsOf } from './window';

const said = (seq: number, at: string, sender = 1): MessageView => ({
  chat_id: 1,
  seq,
  rev: 1,
  kind: 'text',
  sender_id: sender,
  sent_at: at,
  text: 'words',
  entities: [],
  deleted_at: null,
  deleted_by: null,
  edited_at: null,
  reply_to: null,
  service: null,
});

const waiting = (cmid: string, at: string): Pending => ({
  cmid,
  verb: 'message.send',
  data: { chat_id: 1, client_msg_id: cmid, text: 'words' },
  line: 1,
  at,
  order: 1,
  state: 'queued',
  reason: '',
});

const shape = (rows: Row[]): string[] =>
  rows.map((row) => ('isFirst' in row && row.isFirst ? 'first' : row.kind === 'pending' ? 'message' : row.kind));

it('lays a message on its way out as it is laid out once it is there', () => {
  const yesterday = said(1, '2026-11-26T10:00:00Z');
  const times = ['2026-11-27T10:00:00Z', '2026-11-27T10:01:00Z'] as const;
  const there = rowsOf([yesterday, said(2, times[0]), said(3, times[1])], [], 0, 1);
  const half = rowsOf([yesterday, said(2, times[0])], [waiting('b', times[1])], 0, 1);
  const none = rowsOf([yesterday], [waiting('a', times[0]), waiting('b', times[1])], 0, 1);
  expect(shape(none)).toEqual(['day', 'first', 'day', 'first', 'message']);
  expect(shape(half)).toEqual(shape(none));
  expect(shape(there)).toEqual(shape(none));
  expect(shape(rowsOf([], [waiting('a', times[0])], 0, 1))).toEqual(['day', 'first']);
});

const seqsOf = (rows: Row[]) =>
  runsOf(rows).map((run) => run.map((row) => (row.kind === 'message' ? row.message.seq : row.kind)));

it('puts what one person says in a row into one run, between days and others', () => {
  const rows = rowsOf(
    [
      said(1, '2026-11-26T10:00:00Z'),
      said(2, '2026-11-26T10:01:00Z'),
      said(3, '2026-11-26T10:01:30Z', 2),
      said(4, '2026-11-26T10:09:00Z', 2),
      said(5, '2026-11-27T10:09:00Z', 2),
    ],
    [waiting('a', '2026-11-27T10:10:00Z')],
    0,
    2,
  );
  expect(seqsOf(rows)).toEqual([['day'], [1, 2], [3], [4], ['day'], [5, 'pending']]);
  expect(runsOf([])).toEqual([]);
});

it('names an author again after a screen of messages, at the same ones wherever the window begins', () => {
  const all = Array.from({ length: 60 }, (_, n) => said(n + 1, '2026-11-26T10:00:00Z'));
  const beginnings = (from: number) =>
    seqsOf(rowsOf(all.slice(from), [], 0, 1, from > 0))
      .map(([first]) => first)
      .slice(2);
  for (let from = 0; from < 15; from += 1) expect(beginnings(from)).toEqual([16, 32, 48]);
  // A run of a few messages is not broken.
  expect(seqsOf(rowsOf(all.slice(12), [], 0, 1))[1]?.length).toBe(19);
});

it('marks the messages that have the minute of the one before', () => {
  const rows = rowsOf(
    [
      said(1, '2026-11-26T10:00:10Z'),
      said(2, '2026-11-26T10:00:50Z'),
      said(3, '2026-11-26T10:01:00Z'),
      said(4, '2026-11-26T10:01:30Z', 2),
    ],
    [waiting('a', '2026-11-26T10:01:40Z')],
    0,
    2,
  );
  expect(rows.flatMap((row) => ('isSoon' in row ? row.isSoon : []))).toEqual([false, true, false, false, true]);
});

it('keeps the key of a run while messages come and go at its ends', () => {
  const all = Array.from({ length: 12 }, (_, n) => said(n + 1, '2026-11-26T10:00:00Z', n < 6 ? 1 : 2));
  const known = new Map<string, string>();
  const keys = (from: number, to: number): string[] => {
    const runs = runsOf(rowsOf(all.slice(from, to), [], 0, 9)).filter(([first]) => first.kind === 'message');
    const found = keysOf(runs, known);
    for (const [place, run] of runs.entries()) for (const row of run) known.set(row.key, found[place] ?? '');
    return found;
  };
  const first = keys(3, 8);
  expect(first).toEqual(['m-4', 'm-7']);
  expect(keys(0, 8)).toEqual(first);
  expect(keys(4, 12)).toEqual(first);
  expect(keys(8, 12)).toEqual(['m-7']);
});

it('keeps a run the same object until something of it changes', () => {
  const all = Array.from({ length: 8 }, (_, n) => said(n + 1, '2026-11-26T10:00:00Z', n < 4 ? 1 : 2));
  const before = runsOf(rowsOf(all, [], 0, 9));
  const more = rowsOf([...all, said(9, '2026-11-26T10:00:00Z', 2)], [], 0, 9);
  const after = runsOf(more, before);
  expect(after[1]).toBe(before[1]);
  expect(after[2]).not.toBe(before[2]);
  const edited = all.with(1, { ...said(2, '2026-11-26T10:00:00Z'), rev: 2 });
  const anew = runsOf(rowsOf(edited, [], 0, 9), before);
  expect(anew[1]).not.toBe(before[1]);
  expect(anew[2]).toBe(before[2]);
});

it('gives no key to two runs', () => {
  const rows = [1, 2].map((seq) => said(seq, '2026-11-26T10:00:00Z', seq));
  const runs = runsOf(rowsOf(rows, [], 0, 9)).slice(1);
  expect(keysOf(runs, new Map([['m-1', 'm-2']]))).toEqual(['m-2', 'm-2, again']);
});
