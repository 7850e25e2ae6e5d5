import { expect, it } from 'vitest';
import type { ChatFile, EventFrame, MessageView } from '../../api/types';
import { begun, filesOf, type Walk, withEvent, withPage } from './walk';

const file = { id: 1, kind: 'photo', type: 'image/webp', name: 'a', size: 1, alt: '' };
const at = (seq: number, place = 0) => ({ chat_id: 7, seq, place, sender_id: 1, sent_at: '', file }) as ChatFile;
const message = (seq: number, count: number) =>
  ({
    chat_id: 7,
    seq,
    sender_id: 1,
    sent_at: '',
    ...(count && { parts: { files: { items: Array(count).fill(file) } } }),
  }) as MessageView;
const said = (type: string, seq: number, count: number) =>
  ({ type, data: message(seq, count) }) as unknown as EventFrame;
const spots = (walk: Walk) => filesOf(walk).map(({ seq, place }) => `${seq}/${place}`);
const middle = begun({ items: [message(50, 2), message(51, 0)], hasBefore: true, hasAfter: true });

it('goes on from the loaded messages to both sides, until there is no more', () => {
  expect(spots(middle)).toEqual(['50/0', '50/1']);
  expect(middle.next).toEqual({ before: { seq: 50, cursor: '' }, after: { seq: 51, cursor: '' } });
  const older = withPage(middle, 'before', [at(40, 1), at(40, 0)], 'x');
  expect(spots(older)).toEqual(['40/0', '40/1', '50/0', '50/1']);
  expect(older.next.before).toEqual({ seq: 50, cursor: 'x' });
  const both = withPage(withPage(older, 'after', [at(60)], null), 'before', [at(3)], null);
  expect(spots(both)).toEqual(['3/0', '40/0', '40/1', '50/0', '50/1', '60/0']);
  expect(both.next).toEqual({ before: null, after: null });
});

it('takes what arrives where the newest message is known, and no sooner', () => {
  const arrived = withEvent(middle, said('message.created', 90, 1));
  expect(spots(arrived)).toEqual(['50/0', '50/1']);
  expect(spots(withPage(arrived, 'after', [at(60), at(90)], null))).toEqual(['50/0', '50/1', '60/0', '90/0']);
});

it('leaves out what is deleted, also in a page that was asked for before', () => {
  const many = { type: 'messages.deleted', data: { chat_id: 7, items: [{ seq: 40 }] } } as unknown as EventFrame;
  const gone = [said('message.deleted', 50, 0), many].reduce(withEvent, middle);
  expect(spots(withPage(gone, 'before', [at(40), at(39)], null))).toEqual(['39/0']);
});

it('takes the files of an edit, and keeps them where only words change', () => {
  expect(withEvent(middle, said('message.edited', 50, 0))).toBe(middle);
  expect(spots(withEvent(middle, said('message.edited', 50, 1)))).toEqual(['50/0']);
});

it('knows everything of a chat whose messages are all loaded', () => {
  const whole = begun({ items: [message(1, 1)], hasBefore: false, hasAfter: false });
  expect(whole.next).toEqual({ before: null, after: null });
  expect(spots(withEvent(whole, said('message.created', 2, 2)))).toEqual(['1/0', '2/0', '2/1']);
});
