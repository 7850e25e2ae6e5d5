/** Messages outside of their window follow the events, whenever they were asked for. */
import { beforeEach, expect, it } from 'vitest';
import type { ChatView, MessageView } from '../api/types';
import { apply } from './apply';
import { dropAside, putAside, shownMessage } from './aside';
import { chat, putChats } from './chats';

const said = (seq: number, rev: number, text = `${seq}/${rev}`): MessageView =>
  ({ chat_id: 7, seq, rev, kind: 'text', sender_id: 2, text, sent_at: '' }) as MessageView;
const told = (type: 'message.edited' | 'message.deleted', data: MessageView): void =>
  apply({ type, topic: 'chat:7', ev: 1, at: '', data });

beforeEach(() => dropAside(7));

it('follows an edit and a deletion', () => {
  putAside(said(3, 1));
  told('message.edited', said(3, 2));
  expect(shownMessage(7, 3)?.text).toBe('3/2');
  told('message.deleted', said(3, 3, ''));
  expect(shownMessage(7, 3)?.text).toBe('');
});

it('does not show what was fetched before an event that came while it was on its way', () => {
  expect(shownMessage(7, 3)).toBeNull();
  told('message.deleted', said(3, 2, ''));
  putAside(said(3, 1));
  expect(shownMessage(7, 3)?.text).toBe('');
});

it('keeps no message without a viewer, and none of a chat that was loaded anew', () => {
  told('message.edited', said(4, 2));
  expect(shownMessage(7, 4)).toBeNull();
  putAside(said(4, 2));
  dropAside(7);
  expect(shownMessage(7, 4)).toBeNull();
});

it('shows no earlier words in the list when an answer comes after the event', () => {
  putChats([{ id: 7, head_seq: 3, last_message: said(3, 1) } as ChatView]);
  told('message.deleted', said(3, 3, ''));
  told('message.edited', said(3, 2));
  expect(chat(7)?.last_message?.text).toBe('');
});
