/** Edits that are not saved: no words are lost by leaving, by another edit, or by a change of the message elsewhere. */
import { beforeEach, expect, it } from 'vitest';
import type { MessageView } from '../../api/types';
import { apply } from '../apply';
import { beginEdit, clashes, closeEdit, edits, onto, openEdit, putEdit, saved, shownEdit, taken } from './edits';

const message = (seq: number, text: string, rev = 1): MessageView =>
  ({
    chat_id: 7,
    seq,
    rev,
    text,
    sender_id: 1,
    kind: 'text',
    entities: [],
    deleted_at: null,
  }) as unknown as MessageView;

/** Begins an edit of the message and types. */
function typed(seq: number, from: string, text: string) {
  beginEdit(message(seq, from));
  putEdit({ ...open(), text });
  return open();
}

function open() {
  const edit = openEdit(7);
  if (!edit) throw new Error('no edit is open');
  return edit;
}

beforeEach(() => {
  edits.value = new Map();
});

it('keeps changed words when it is left, and shows them when it is opened again', () => {
  expect(closeEdit(typed(1, 'frist', 'first'))).toBe(true);
  expect(openEdit(7)).toBeUndefined();
  beginEdit(message(1, 'frist'));
  expect(open()).toMatchObject({ text: 'first', from: 'frist' });
});

it('keeps nothing that was not changed', () => {
  beginEdit(message(1, 'frist'));
  expect(closeEdit(open())).toBe(false);
  expect(edits.value.size).toBe(0);
});

it('keeps the words of one message when another one is edited', () => {
  typed(1, 'frist', 'first');
  beginEdit(message(2, 'secnod'));
  expect(open()).toMatchObject({ seq: 2, text: 'secnod' });
  beginEdit(message(1, 'frist'));
  expect(open()).toMatchObject({ seq: 1, text: 'first' });
  expect(edits.value.size).toBe(1);
});

it('clashes with other words that its author has not seen, until one of both is chosen', () => {
  const edit = typed(1, 'frist', 'first');
  const other = message(1, 'primary', 2);
  expect(clashes(edit, other)).toBe(true);
  expect(onto(edit, other)).toMatchObject({ text: 'first', from: 'primary', rev: 2 });
  expect(clashes(onto(edit, other), other)).toBe(false);
  expect(taken(edit, other)).toMatchObject({ text: 'primary', from: 'primary', rev: 2 });
});

it('clashes with nothing where the words agree, or only other people were mentioned', () => {
  const edit = typed(1, 'frist', 'first');
  for (const text of ['first', 'frist']) expect(clashes(edit, message(1, text, 2))).toBe(false);
});

it('follows the message while no word was changed', () => {
  beginEdit(message(1, 'frist'));
  expect(shownEdit(open(), message(1, 'primary', 2))).toMatchObject({ text: 'primary', from: 'primary', rev: 2 });
  const edit = typed(1, 'frist', 'first');
  expect(shownEdit(edit, message(1, 'primary', 2))).toBe(edit);
});

it('goes on with what was typed while it was being saved', () => {
  const edit = typed(1, 'frist', 'first');
  putEdit({ ...edit, text: 'first of all' });
  saved(edit, 2);
  expect(open()).toMatchObject({ text: 'first of all', from: 'first', rev: 2 });
  saved(open(), 3);
  expect(edits.value.size).toBe(0);
});

it('ends when its message is deleted, alone or with others', () => {
  const at = { topic: 'chat:7', ev: 1, at: '' };
  const gone = { ...message(1, ''), deleted_at: 'now' };
  typed(1, 'frist', 'first');
  apply({ ...at, type: 'message.deleted', data: gone });
  expect(edits.value.size).toBe(0);
  typed(1, 'frist', 'first');
  apply({ ...at, type: 'messages.deleted', data: { chat_id: 7, items: [gone], by: 1 } });
  expect(edits.value.size).toBe(0);
});
