/** Who listened to voice messages: the effect of an event on its message. */
import { beforeEach, expect, it } from 'vitest';
import type { MessageView } from '../../api/types';
import { apply } from '../apply';
import { windowOf } from '../messages';

const said = (more: object = {}): MessageView =>
  ({ chat_id: 7, seq: 3, rev: 1, kind: 'text', sender_id: 2, text: '', deleted_at: null, ...more }) as MessageView;
const tell = (user_id: number, seq = 3): void =>
  apply({ type: 'voice.listened', topic: 'user:1', ev: 1, at: '', data: { chat_id: 7, seq, user_id } });
const show = (message: MessageView): void => {
  windowOf(7).value = { items: [message], hasBefore: false, hasAfter: false };
};
const parts = (): MessageView['parts'] => windowOf(7).value?.items[0]?.parts;

beforeEach(() => show(said({ parts: { files: { items: [] } } })));

it('adds a person once, beside the other parts', () => {
  for (const user of [5, 6, 5]) tell(user);
  expect(parts()).toEqual({ files: { items: [] }, listened: { by: [5, 6] } });
});

it('leaves other and deleted messages alone', () => {
  tell(5, 4);
  expect(parts()).toEqual({ files: { items: [] } });
  show(said({ deleted_at: '2026-11-28T00:00:00Z' }));
  tell(5);
  expect(parts()).toBeUndefined();
});
