/** An unknown field does not compile: the compiler checks this file and each line that is marked as wrong. */
import { expect, it } from 'vitest';
import { request } from '../api/http';
import type { EventData } from '../api/types';
import { apply } from '../store/apply';
import type { Events } from '../store/slice';
import { ask } from './line/frames';
import { tell } from './line/tabs';
import { queue } from './outbox';

const at = { topic: 'chat:1', ev: 1, at: '' };

async function wrong(): Promise<void> {
  // @ts-expect-error a body with a field of another name
  await request('PUT', '/chats/1/read', { body: { sequence: 1 } });
  // @ts-expect-error a body without a field that must be there
  await request('POST', '/auth/login', { body: { email: 'a@example.org' } });
  // @ts-expect-error a body where the path takes none
  await request('DELETE', '/chats/1/members/2', { body: { seq: 1 } });
  // @ts-expect-error a verb that does not exist
  await ask('message.sent', {});
  // @ts-expect-error data of another form
  await ask('receipt.read', { chat_id: 1, seq: '1' });
  const state = await ask('receipt.read', { chat_id: 1, seq: 1 });
  // @ts-expect-error an ack without this field
  state.marks;
  // @ts-expect-error a frame with a field that its verb does not take
  tell({ type: 'typing.set', data: { chat_id: 1, user_id: 2 } });
  // @ts-expect-error an event with the data of another
  apply({ ...at, type: 'chat.left', data: { user_id: 1 } });
  // @ts-expect-error a verb of the outbox with the data of another
  await queue('messages.delete', { chat_id: 1, text: '' });
  // @ts-expect-error a verb that does not go through the outbox
  await queue('typing.set', { chat_id: 1 });
  // @ts-expect-error a slice that reads a field its event does not have
  ({ 'chat.left': ({ user_id }) => user_id }) satisfies Events;
  // @ts-expect-error data of an event without this field
  const seq = ({} as EventData['chat.left']).seq;
  expect(seq).toBeDefined();
}

it('is checked by the compiler, not run', () => expect(wrong).toHaveLength(0));
