/** Kept images follow the events, so that a chat with news opens from its image too. */
import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, EventFrame, MemberState, MessageView, UserRead } from '../api/types';
import { changeChat, chat, putChats } from '../store/chats';
import { windowOf } from '../store/messages';
import { dropRanges } from '../store/ranges';
import { clearAll, keepImage, readWindow } from './cache';
import { Engine } from './engine';
import { catchUp, noteEvent, trustOnly, windowsToKeep } from './images';
import { openWindow } from './load';

const said = (seq: number, rev = 1): MessageView =>
  ({ chat_id: 7, seq, rev, kind: 'text', sender_id: 2, text: `${seq}/${rev}`, sent_at: '' }) as MessageView;
const event = (ev: number, type: string, data: unknown) => ({ type, topic: 'chat:7', ev, at: '', data }) as EventFrame;
const texts = async (): Promise<string[] | undefined> => (await readWindow(7))?.items.map((one) => one.text);

const my = { read_seq: 2, unread: 0, at_ev: 10, rev: 1, unread_from: null } as MemberState;
let engine: Engine;

const keepAll = (windows = windowsToKeep(engine.position)): Promise<void> =>
  keepImage({ me: {} as UserRead, chats: [], users: [], cursors: engine.cursors() }, windows);
const keepWindow = (id: number, items: MessageView[], at: number): Promise<void> =>
  keepAll(new Map([[id, { items, hasBefore: false, hasAfter: false, at }]]));

beforeEach(async () => {
  await clearAll();
  dropRanges(7, null);
  putChats([{ id: 7, kind: 'group', head_seq: 2, member_count: 2, at_ev: 10, my } as ChatView]);
  engine = new Engine({ resume: () => undefined, reload: () => undefined, taken: noteEvent, moved: () => undefined });
  engine.start({ epoch: 1, streams: { 'chat:7': 10 } });
  vi.stubGlobal('fetch', () => {
    throw new Error('asked the server');
  });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  await keepWindow(7, [said(1), said(2)], 10);
});

it('opens a chat with news from its image, at the first unread message, without a request', async () => {
  engine.receive(event(11, 'message.created', said(3)));
  engine.receive(event(12, 'message.edited', said(1, 2)));
  engine.receive(event(13, 'receipt.read', { chat_id: 7, user_id: 2, seq: 3 }));
  expect(chat(7)?.my.unread).toBe(1);
  await openWindow(engine, 7);
  expect(windowOf(7).value).toMatchObject({ hasAfter: false });
  expect(windowOf(7).value?.items.map((one) => one.text)).toEqual(['1/2', '2/1', '3/1']);
});

it('keeps an image at the position of the store also while the chat is closed', async () => {
  engine.receive(event(11, 'message.created', said(3)));
  await keepAll();
  engine.receive(event(12, 'message.deleted', { ...said(3, 2), text: '' }));
  await keepAll();
  await catchUp(7);
  await vi.waitFor(async () => expect(await readWindow(7)).toMatchObject({ at: 12, hasAfter: false }));
  expect(await texts()).toEqual(['1/1', '2/1', '']);
});

it('takes the words of messages that were deleted at once out of an image', async () => {
  const items = [
    { ...said(1, 2), text: '' },
    { ...said(2, 2), text: '' },
  ];
  engine.receive(event(11, 'messages.deleted', { chat_id: 7, items, by: 2 }));
  await keepAll();
  await catchUp(7);
  await vi.waitFor(async () => expect(await texts()).toEqual(['', '']));
});

it('drops an image that the events do not continue: what it says may be gone', async () => {
  engine.place('chat:7', 14);
  engine.receive(event(15, 'message.created', said(4)));
  await catchUp(7);
  expect(await readWindow(7)).toBeUndefined();
});

it('follows the events while the reader is far back in a loaded chat', async () => {
  dropRanges(7, { items: [said(1)], hasBefore: false, hasAfter: true });
  engine.receive(event(11, 'message.deleted', { ...said(2, 2), text: '' }));
  await keepAll();
  await vi.waitFor(async () => expect(await texts()).toEqual(['1/1', '']));
});

it('keeps no image that is older than a snapshot of everything, and none of a chat that is left', async () => {
  await keepWindow(8, [said(1)], 5);
  await trustOnly(engine.position);
  expect([await texts(), await readWindow(8)]).toEqual([['1/1', '2/1'], undefined]);
  engine.place('chat:7', 11);
  await trustOnly(engine.position);
  expect(await texts()).toBeUndefined();
});

it('does not show an image that is older than the store', async () => {
  engine.place('chat:7', 11);
  vi.stubGlobal('fetch', async () => {
    expect(windowOf(7).value).toBeNull();
    return Response.json({ items: [said(1, 2)], page: { has_before: false, has_after: false, at_ev: 11 } });
  });
  await openWindow(engine, 7);
  expect(windowOf(7).value?.items.map((one) => one.text)).toEqual(['1/2']);
});

it('does not show an image that does not reach the first unread message', async () => {
  engine.place('chat:7', 40);
  changeChat(7, () => ({ my: { ...my, unread: 1, read_seq: 8 } }));
  vi.stubGlobal('fetch', async () => {
    expect(windowOf(7).value).toBeNull();
    return Response.json({ items: [said(8), said(9)], page: { has_before: true, has_after: false, at_ev: 40 } });
  });
  await openWindow(engine, 7);
  expect(windowOf(7).value?.items.map((one) => one.seq)).toEqual([8, 9]);
});

it('forgets the image of a chat that was left', async () => {
  engine.start({ epoch: 1, streams: { 'chat:7': 10, 'user:1': 1 } });
  engine.receive({ ...event(2, 'chat.left', { chat_id: 7 }), topic: 'user:1' });
  await vi.waitFor(async () => expect(await readWindow(7)).toBeUndefined());
});

it('keeps no image of a chat whose messages another stream changes: its order is not that of the image', async () => {
  engine.place('user:1', 3);
  const data = { chat_id: 7, seq: 2, counts: [{ emoji: '👍', count: 1 }], recent: [], mine: ['👍'], at_ev: 10 };
  engine.receive({ ...event(4, 'reaction.changed', data), topic: 'user:1' });
  await vi.waitFor(async () => expect(await texts()).toBeUndefined());
  dropRanges(7, { items: [said(1), said(2)], hasBefore: false, hasAfter: false });
  engine.receive({ ...event(5, 'reaction.changed', data), topic: 'user:1' });
  await keepAll();
  expect((await readWindow(7))?.items[1]?.parts?.reactions?.mine).toEqual(['👍']);
});
