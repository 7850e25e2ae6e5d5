/** The image of the store in IndexedDB: what the page paints before the network answers. */
import { type IDBPDatabase, openDB } from 'idb';
import type { ChatView, UserRead } from '../api/types';
import type { Draft } from '../store/drafts';
import type { Pending, Window } from '../store/messages';
import { isKept } from '../store/session';
import type { Cursors } from './engine';

const VERSION = 1;
export const CHATS_KEPT = 50;
export const MESSAGES_KEPT = 200;

/** Everything but messages, as one record. */
export interface Image {
  me: UserRead;
  chats: ChatView[];
  users: UserRead[];
  cursors: Cursors;
}

/** A kept window, and the position of its chat it was right at. */
export interface Kept extends Window {
  at: number;
}

let opened: Promise<IDBPDatabase | null> | null = null;

function database(): Promise<IDBPDatabase | null> {
  opened ??= openDB('web-messenger', VERSION, {
    upgrade(db) {
      db.createObjectStore('image');
      db.createObjectStore('windows');
      db.createObjectStore('drafts');
      db.createObjectStore('outbox', { keyPath: 'cmid' });
    },
    terminated() {
      opened = null;
    },
  }).catch(() => {
    isKept.value = false;
    return null;
  });
  return opened;
}

/** Run on the database; storage that is forbidden or full never stops the page. */
async function within<T>(run: (db: IDBPDatabase) => Promise<T>): Promise<T | undefined> {
  const db = await database();
  if (!db) return undefined;
  try {
    return await run(db);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) return undefined;
    // What is kept for speed makes room for what must not be lost.
    await db.clear('windows').catch(() => {});
    return run(db).catch(() => undefined);
  }
}

export const readImage = (): Promise<Image | undefined> => within((db) => db.get('image', 'all'));
/**
 * Keep the image and the windows that changed with it, in one transaction: a window older than the image would not be shown.
 * Committed without waiting for the page, which may be about to go.
 */
export async function keepImage(image: Image, windows: ReadonlyMap<number, Kept> = new Map()): Promise<void> {
  await within((db) => {
    const change = db.transaction(['image', 'windows'], 'readwrite');
    const puts: Promise<unknown>[] = [change.objectStore('image').put(image, 'all')];
    for (const [chatId, kept] of windows)
      puts.push(change.objectStore('windows').put({ ...kept, ...newest(kept) }, chatId));
    change.commit();
    return Promise.all([...puts, change.done]);
  });
  if (windows.size) await keepUsed([...windows.keys()]);
}

export const readWindow = (chatId: number): Promise<Kept | undefined> => within((db) => db.get('windows', chatId));

function newest({ items, hasBefore }: Window): Pick<Window, 'items' | 'hasBefore'> {
  const kept = items.slice(-MESSAGES_KEPT);
  return { items: kept, hasBefore: hasBefore || kept.length < items.length };
}

/** Keep the windows of the chats last used, of which `chatIds` are the latest, and no others. */
const keepUsed = (chatIds: number[]): Promise<unknown> =>
  within(async (db) => {
    const change = db.transaction(['image', 'windows'], 'readwrite');
    const [image, windows] = [change.objectStore('image'), change.objectStore('windows')];
    const [noted = [], held] = await Promise.all([image.get('order'), windows.getAllKeys()]);
    // Windows without a noted use were kept by an older version, or their page went before: they leave first.
    const unnoted = held.map(Number).filter((one) => !noted.includes(one));
    const order = [...[...unnoted, ...noted].filter((one) => !chatIds.includes(one)), ...chatIds];
    const gone = order.splice(0, Math.max(0, order.length - CHATS_KEPT));
    await Promise.all([...gone.map((one) => windows.delete(one)), image.put(order, 'order'), change.done]);
  });

/** Let a kept window follow what happened since, or go where `grow` answers `null`. Whose chat is not kept stays so. */
export async function growWindow(chatId: number, grow: (kept: Kept) => Kept | null): Promise<void> {
  await within(async (db) => {
    const change = db.transaction('windows', 'readwrite');
    const kept: Kept | undefined = await change.store.get(chatId);
    const grown = kept && grow(kept);
    if (grown) await change.store.put({ ...grown, ...newest(grown) }, chatId);
    else await change.store.delete(chatId);
    await change.done;
  });
}

/** Drop the windows that `isRight` does not answer for; `at` is the position they were kept at. */
export async function keepOnly(isRight: (chatId: number, at: number) => boolean): Promise<void> {
  await within(async (db) => {
    const change = db.transaction('windows', 'readwrite');
    for (let one = await change.store.openCursor(); one; one = await one.continue())
      if (!isRight(Number(one.key), (one.value as Kept).at)) await one.delete();
    await change.done;
  });
}

export const dropWindow = (chatId: number): Promise<unknown> => within((db) => db.delete('windows', chatId));
export const dropWindows = (): Promise<unknown> => within((db) => db.clear('windows'));

/** Read marks the server did not take yet: chat -> seq. */
export const readMarks = async (): Promise<ReadonlyMap<number, number>> =>
  (await within((db) => db.get('image', 'marks'))) ?? new Map();

export const keepMark = (chatId: number, seq: number): Promise<void> =>
  changeMarks((marks) => marks.set(chatId, Math.max(seq, marks.get(chatId) ?? 0)));

/** The server has everything up to `seq`. */
export const dropMark = (chatId: number, seq: number): Promise<void> =>
  changeMarks((marks) => (marks.get(chatId) ?? 0) <= seq && marks.delete(chatId));

async function changeMarks(change: (marks: Map<number, number>) => unknown): Promise<void> {
  await within(async (db) => {
    const { store, done } = db.transaction('image', 'readwrite');
    const marks = new Map<number, number>(await store.get('marks'));
    change(marks);
    await Promise.all([store.put(marks, 'marks'), done]);
  });
}

export const readDrafts = (): Promise<[number, Draft][] | undefined> =>
  within(async (db) => {
    const [keys, drafts] = await Promise.all([db.getAllKeys('drafts'), db.getAll('drafts')]);
    return keys.map((key, place) => [Number(key), drafts[place] as Draft]);
  });

export const keepDraft = (chatId: number, draft: Draft | undefined): Promise<unknown> =>
  within(async (db) => (draft ? db.put('drafts', draft, chatId) : db.delete('drafts', chatId)));

/** What was not sent yet, in the order it was written. */
export const readOutbox = (): Promise<Pending[] | undefined> =>
  within(async (db) => (await db.getAll('outbox')).sort((a: Pending, b: Pending) => a.order - b.order));

export const keepPending = (item: Pending): Promise<unknown> => within((db) => db.put('outbox', item));
export const dropPending = (cmid: string): Promise<unknown> => within((db) => db.delete('outbox', cmid));

/** Signing out: nothing of this person stays in the browser. */
export async function clearAll(): Promise<void> {
  await within(async (db) => {
    for (const name of ['image', 'windows', 'drafts', 'outbox']) await db.clear(name);
  });
}
