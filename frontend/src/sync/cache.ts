/** The image of the store in IndexedDB: the page shows it before the network answers. */
import { type IDBPDatabase, type IDBPTransaction, openDB } from 'idb';
import type { ChatView, UserRead } from '../api/types';
import { uuid } from '../lib/browser';
import type { Draft } from '../store/drafts';
import type { Window } from '../store/messages';
import type { Item } from '../store/outbox';
import { isKept } from '../store/session';
import type { Cursors } from './engine';

const VERSION = 2;
export const CHATS_KEPT = 50;
export const MESSAGES_KEPT = 200;

/** Everything except messages, as one record. */
export interface Image {
  me: UserRead;
  chats: ChatView[];
  users: UserRead[];
  cursors: Cursors;
}

/** A kept window, and the position of its chat at that time. */
export interface Kept extends Window {
  at: number;
}

let opened: Promise<IDBPDatabase | null> | null = null;

function database(): Promise<IDBPDatabase | null> {
  opened ??= new Promise<IDBPDatabase>((resolve, reject) => {
    const opening = openDB('web-messenger', VERSION, {
      upgrade: (db, from, _, change) => upgrade(db, from, change),
      // A tab of an older version blocks the database: this page works without it until that tab is closed.
      blocked: () => {
        reject(new Error('blocked'));
        opening.then(
          () => {
            opened = opening;
            isKept.value = true;
          },
          () => {},
        );
      },
      // A tab of a newer version waits for it.
      blocking: (_, __, { target }) => {
        (target as IDBDatabase).close();
        opened = null;
      },
      terminated: () => {
        opened = null;
      },
    });
    opening.then(resolve, reject);
  }).catch(() => {
    isKept.value = false;
    return null;
  });
  return opened;
}

type Change = IDBPTransaction<unknown, string[], 'versionchange'>;

async function upgrade(db: IDBPDatabase, from: number, change: Change): Promise<void> {
  if (from < 1) {
    db.createObjectStore('image');
    db.createObjectStore('windows');
    db.createObjectStore('drafts');
    db.createObjectStore('outbox', { keyPath: 'cmid' });
  } else if (from < 2) await takeOver(change);
}

/** An unsent message of version 1. */
interface Unsent {
  cmid: string;
  chatId: number;
  text: string;
  replyTo: number | null;
  mentions: readonly number[];
  at: string;
  order: number;
  state: Item['state'];
  reason: string;
}

/**
 * Converts the data of version 1, whose outbox had only messages and whose image had the read marks: both become items.
 */
async function takeOver(change: Change): Promise<void> {
  const [outbox, image] = [change.objectStore('outbox'), change.objectStore('image')];
  const unsent: Unsent[] = await outbox.getAll();
  const marks = new Map<number, number>(await image.get('marks'));
  for (const { chatId, text, replyTo, mentions, ...asked } of unsent) {
    const data = { chat_id: chatId, client_msg_id: asked.cmid, text, reply_to: replyTo, mentions };
    await outbox.put({ ...asked, verb: 'message.send', data, line: chatId } satisfies Item);
  }
  for (const [chatId, seq] of marks) {
    const asked = { cmid: uuid(), at: new Date().toISOString(), order: 0, state: 'queued', reason: '' } as const;
    const data = { chat_id: chatId, seq };
    await outbox.put({ ...asked, verb: 'receipt.read', data, key: `read/${chatId}`, notBefore: 0 } satisfies Item);
  }
  await image.delete('marks');
  // Its chats have another form.
  await image.delete('all');
}

/** Runs a function on the database; a forbidden or full storage never stops the page. */
async function within<T>(run: (db: IDBPDatabase) => Promise<T>): Promise<T | undefined> {
  const db = await database();
  if (!db) return undefined;
  try {
    return await run(db);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) return undefined;
    // Data kept for speed makes room for unsent data.
    await db.clear('windows').catch(() => {});
    return run(db).catch(() => undefined);
  }
}

export const readImage = (): Promise<Image | undefined> => within((db) => db.get('image', 'all'));
/**
 * Keeps the image and its changed windows in one transaction: a window older than the image would not be shown. The
 * commit does not wait for the page, which may be about to close.
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

/** Keeps the windows of the last used chats, of which `chatIds` are the latest, and no others. */
const keepUsed = (chatIds: number[]): Promise<unknown> =>
  within(async (db) => {
    const change = db.transaction(['image', 'windows'], 'readwrite');
    const [image, windows] = [change.objectStore('image'), change.objectStore('windows')];
    const [noted = [], held] = await Promise.all([image.get('order'), windows.getAllKeys()]);
    // Windows without a noted use come from an older version or a page that closed early: they are dropped first.
    const unnoted = held.map(Number).filter((one) => !noted.includes(one));
    const order = [...[...unnoted, ...noted].filter((one) => !chatIds.includes(one)), ...chatIds];
    const gone = order.splice(0, Math.max(0, order.length - CHATS_KEPT));
    await Promise.all([...gone.map((one) => windows.delete(one)), image.put(order, 'order'), change.done]);
  });

/** Updates a kept window, or drops it if `grow` returns `null`. A chat without a kept window stays so. */
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

/** Drops the windows that `isRight` rejects; `at` is their position. */
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

export const readDrafts = (): Promise<[number, Draft][] | undefined> =>
  within(async (db) => {
    const [keys, drafts] = await Promise.all([db.getAllKeys('drafts'), db.getAll('drafts')]);
    return keys.map((key, place) => [Number(key), drafts[place] as Draft]);
  });

export const keepDraft = (chatId: number, draft: Draft | undefined): Promise<unknown> =>
  within(async (db) => (draft ? db.put('drafts', draft, chatId) : db.delete('drafts', chatId)));

/** Returns the unconfirmed items, in their order. */
export const readOutbox = (): Promise<Item[] | undefined> =>
  within(async (db) => (await db.getAll('outbox')).sort((a: Item, b: Item) => a.order - b.order));

export const keepItem = (item: Item): Promise<unknown> => within((db) => db.put('outbox', item));
export const dropItem = (cmid: string): Promise<unknown> => within((db) => db.delete('outbox', cmid));

/** Removes everything of this person from the browser, at sign-out. */
export async function clearAll(): Promise<void> {
  await within(async (db) => {
    for (const name of ['image', 'windows', 'drafts', 'outbox']) await db.clear(name);
  });
}
