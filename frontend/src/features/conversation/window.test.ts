import { expect, it } from 'vitest';
import type { MessageView } from '../../api/types';
import type { Pending } from '../../store/messages';
import { type Row, rowsOf } from './window';

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
