/** The kept chats of the browser: the newest messages of those used last. */
import 'fake-indexeddb/auto';
import { deleteDB, openDB } from 'idb';
import { expect, it, vi } from 'vitest';
import type { MessageView, UserRead } from '../api/types';
import type { Window } from '../store/messages';
import {
  CHATS_KEPT,
  claim,
  clearAll,
  clearCopies,
  dropItem,
  type Image,
  keepImage,
  keepItem,
  keepSmaller,
  keepWhole,
  keepWords,
  MESSAGES_KEPT,
  readBytes,
  readImage,
  readOutbox,
  readSmaller,
  readWindow,
  readWords,
} from './cache';

const items = (count: number): MessageView[] =>
  Array.from({ length: count }, (_, place) => ({ chat_id: 1, seq: place + 1 }) as MessageView);
const window = (count: number) => ({ items: items(count), hasBefore: false, hasAfter: false });
const image = (epoch: number): Image => ({ me: {} as UserRead, chats: [], users: [], cursors: { epoch, streams: {} } });
const keepWindow = (id: number, kept: Window, at: number): Promise<void> =>
  keepImage(image(1), new Map([[id, { ...kept, at }]]));

it('keeps the image and its windows at the same moment', async () => {
  await clearAll();
  await keepImage(image(1), new Map([[1, { ...window(1), at: 1 }]]));
  const db = await openDB('web-messenger');
  const keeping = keepImage(image(2), new Map([[1, { ...window(2), at: 2 }]]));
  for (let look = 0; look < 20; look += 1) {
    const both = db.transaction(['image', 'windows']);
    const [seen, kept] = await Promise.all([both.objectStore('image').get('all'), both.objectStore('windows').get(1)]);
    expect(kept.at).toBe(seen.cursors.epoch);
  }
  await keeping;
  expect([(await readImage())?.cursors.epoch, (await readWindow(1))?.at]).toEqual([2, 2]);
  db.close();
});

it('keeps the newest messages of a chat and the position they were right at', async () => {
  await keepWindow(1, window(MESSAGES_KEPT + 50), 9);
  const kept = await readWindow(1);
  expect(kept?.items.map((one) => one.seq)).toEqual(Array.from({ length: MESSAGES_KEPT }, (_, place) => place + 51));
  expect(kept).toMatchObject({ hasBefore: true, at: 9 });
});

it('lets the chats leave that were used least recently, whatever their ids', async () => {
  await clearAll();
  for (let id = CHATS_KEPT; id > 0; id -= 1) await keepWindow(id, window(1), 1);
  await keepWindow(CHATS_KEPT, window(2), 2);
  await keepWindow(CHATS_KEPT + 1, window(1), 1);
  expect(await readWindow(CHATS_KEPT - 1)).toBeUndefined();
  expect((await readWindow(1))?.items).toHaveLength(1);
  expect((await readWindow(CHATS_KEPT))?.items).toHaveLength(2);
});

it('lets the windows leave first whose use an older version did not note', async () => {
  await clearAll();
  const db = await openDB('web-messenger');
  for (let id = 1; id <= 3; id += 1) await db.put('windows', { ...window(1), at: 1 }, id);
  for (let id = 11; id < 10 + CHATS_KEPT; id += 1) await keepWindow(id, window(1), 1);
  expect((await db.getAllKeys('windows')).length).toBe(CHATS_KEPT);
  expect(await readWindow(1)).toBeUndefined();
  await keepWindow(90, window(1), 1);
  await keepWindow(91, window(1), 1);
  expect(await readWindow(3)).toBeUndefined();
  expect(await readWindow(12)).toBeDefined();
  db.close();
});

it('makes room for an unsent message when the storage is full', async () => {
  await keepWindow(1, window(1), 1);
  const put = IDBObjectStore.prototype.put;
  let isFull = true;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given) {
    if (isFull && this.name === 'outbox') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
  const clear = IDBObjectStore.prototype.clear;
  IDBObjectStore.prototype.clear = function (this: IDBObjectStore) {
    isFull = false;
    return clear.apply(this);
  };
  const asked = { cmid: 'a', line: 1, at: '', order: 1, state: 'queued', reason: '' } as const;
  await keepItem({ ...asked, verb: 'message.send', data: { chat_id: 1, client_msg_id: 'a', text: 'kept' } });
  IDBObjectStore.prototype.put = put;
  IDBObjectStore.prototype.clear = clear;
  expect((await readOutbox())?.map((one) => one.data)).toMatchObject([{ text: 'kept' }]);
  expect(await readWindow(1)).toBeUndefined();
});

/** Writes a draft, an edit and an unsent message. */
async function write(text: string): Promise<void> {
  const asked = { cmid: text, line: 1, at: '', order: 1, state: 'queued', reason: '' } as const;
  await keepItem({ ...asked, verb: 'message.send', data: { chat_id: 1, client_msg_id: text, text } });
  await keepWords(1, { text, replyTo: null, mentions: [] });
  await keepWords('1/5', { chatId: 1, seq: 5, rev: 1, from: '', text, mentions: [], isOpen: true });
}

/** Returns the kept texts: of the drafts, of the edits, of the unsent messages. */
async function texts(): Promise<string[]> {
  const [words, items] = [await readWords(), await readOutbox()];
  const sent = (items ?? []).map(({ data }) => ('text' in data && data.text) || '');
  return [...(words?.drafts.values() ?? []), ...(words?.edits.values() ?? [])].map((one) => one.text).concat(sent);
}

it('keeps the unsent words of an account until it signs in again, and shows them to no other account', async () => {
  await clearAll();
  await claim(1);
  await write('of one');
  await keepImage(image(1));
  await clearCopies();
  expect(await readImage()).toBeUndefined();
  await claim(2);
  expect(await texts()).toEqual([]);
  await write('of two');
  await claim(1);
  expect(await texts()).toEqual(['of one', 'of one', 'of one']);
  await claim(1);
  expect(await texts()).toEqual(['of one', 'of one', 'of one']);
  await clearAll();
  expect(await texts()).toEqual([]);
  await claim(2);
  expect(await texts()).toEqual(['of two', 'of two', 'of two']);
  await clearAll();
  await write('of two, in another tab at that moment');
  await claim(1);
  expect(await texts()).toEqual([]);
});

/** Keeps a message with two files; returns whether there was room. */
function enclose(cmid: string): Promise<boolean> {
  const asked = { cmid, line: 1, at: '', order: 1, state: 'queued', reason: '' } as const;
  const item = { ...asked, verb: 'message.send', data: { chat_id: 1, client_msg_id: cmid, text: '' } } as const;
  return keepWhole(item, [new Blob([`first of ${cmid}`]), new Blob([`second of ${cmid}`])]);
}

const bytes = async (cmid: string): Promise<(string | undefined)[]> =>
  Promise.all([0, 1].map(async (place) => (await readBytes(cmid, place))?.text()));

it('keeps the bytes of files as long as their message, also while another account is signed in', async () => {
  await clearAll();
  await claim(1);
  expect(await enclose('a')).toBe(true);
  expect(await enclose('b')).toBe(true);
  await dropItem('b');
  expect(await bytes('b')).toEqual([undefined, undefined]);
  await claim(2);
  await enclose('c');
  await clearAll();
  expect(await bytes('c')).toEqual([undefined, undefined]);
  await claim(1);
  expect((await readOutbox())?.map(({ cmid }) => cmid)).toEqual(['a']);
  expect(await bytes('a')).toEqual(['first of a', 'second of a']);
  await clearAll();
  expect(await bytes('a')).toEqual([undefined, undefined]);
});

it('keeps a message with files whole or not at all, and its words are kept all the same', async () => {
  await clearAll();
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (this: IDBObjectStore, ...given) {
    if (this.name === 'bytes') throw new DOMException('full', 'QuotaExceededError');
    return put.apply(this, given);
  };
  expect(await enclose('a')).toBe(false);
  IDBObjectStore.prototype.put = put;
  const { isKept } = await import('../store/session');
  expect([await readOutbox(), isKept.value]).toEqual([[], true]);
});

it('takes words without an owner, as an older version kept them, for those of the account that is signed in', async () => {
  vi.resetModules();
  await deleteDB('web-messenger');
  const anew = await import('./cache');
  await anew.keepWords(7, { text: 'from before', replyTo: null, mentions: [] });
  await anew.claim(1);
  expect((await anew.readWords())?.drafts.get(7)?.text).toBe('from before');
});

/** Opens the database as version 1 made it. */
const openFirst = () =>
  openDB('web-messenger', 1, {
    upgrade(db) {
      for (const name of ['image', 'windows', 'drafts']) db.createObjectStore(name);
      db.createObjectStore('outbox', { keyPath: 'cmid' });
    },
  });

it('takes over what version 1 had not sent, messages and read marks', async () => {
  vi.resetModules();
  await deleteDB('web-messenger');
  const old = await openFirst();
  const asked = { cmid: 'a', at: 'then', order: 5, state: 'failed', reason: 'too long' };
  await old.put('outbox', { ...asked, chatId: 7, text: 'unsent', replyTo: 3, mentions: [2] });
  await old.put('image', new Map([[8, 40]]), 'marks');
  old.close();
  const anew = await import('./cache');
  expect(await anew.readOutbox()).toMatchObject([
    { verb: 'receipt.read', key: 'read/8', data: { chat_id: 8, seq: 40 }, state: 'queued' },
    {
      ...asked,
      verb: 'message.send',
      line: 7,
      data: { chat_id: 7, client_msg_id: 'a', text: 'unsent', reply_to: 3, mentions: [2] },
    },
  ]);
});

it('does without while a tab of an older version holds the database, and keeps again when that is closed', async () => {
  vi.resetModules();
  await deleteDB('web-messenger');
  const old = await openFirst();
  const [anew, { isKept }] = [await import('./cache'), await import('../store/session')];
  expect(await anew.readImage()).toBeUndefined();
  expect(isKept.value).toBe(false);
  old.close();
  await vi.waitFor(() => expect(isKept.value).toBe(true));
});

it('keeps a smaller photo beside the chosen one, and none of a message that is gone', async () => {
  await clearAll();
  await claim(1);
  await enclose('a');
  expect(await keepSmaller('a', 1, new Blob(['smaller']))).toBe(true);
  expect(await bytes('a')).toEqual(['first of a', 'second of a']);
  expect(await (await readSmaller('a', 1))?.text()).toBe('smaller');
  expect(await readSmaller('a', 0)).toBeUndefined();
  await dropItem('a');
  expect(await readSmaller('a', 1)).toBeUndefined();
  expect(await keepSmaller('a', 1, new Blob(['too late']))).toBe(false);
  expect(await readSmaller('a', 1)).toBeUndefined();
});
