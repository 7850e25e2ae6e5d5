/** The image of the store in IndexedDB: the page shows it before the network answers. */
import { type IDBPDatabase, type IDBPObjectStore, type IDBPTransaction, openDB } from 'idb';
import type { ChatView, UserRead } from '../api/types';
import { uuid } from '../lib/browser';
import type { Draft } from '../store/drafts';
import type { Window } from '../store/messages';
import type { Edit } from '../store/mine/edits';
import type { Item } from '../store/outbox';
import { isKept } from '../store/session';
import type { Cursors } from './engine';

const VERSION = 4;
/** The last part of the key of a smaller photo. */
const SMALLER = 1;
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
type Store = IDBPObjectStore<unknown, string[], string, 'readwrite'>;

async function upgrade(db: IDBPDatabase, from: number, change: Change): Promise<void> {
  // The parts of recordings, by account, chat, recording and place.
  if (from < 4) db.createObjectStore('recordings');
  // The bytes of files, by the item and the place of the file in it.
  if (from < 3) db.createObjectStore('bytes');
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
export async function within<T>(run: (db: IDBPDatabase) => Promise<T>, onFull = keepsNothing): Promise<T | undefined> {
  const db = await database();
  if (!db) return undefined;
  try {
    return await run(db);
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'QuotaExceededError')) return undefined;
    // Data kept for speed makes room for unsent data.
    await db.clear('windows').catch(() => {});
    return run(db).catch(() => {
      onFull();
      return undefined;
    });
  }
}

function keepsNothing(): void {
  isKept.value = false;
}

/** Writes to stores in one transaction, whose commit does not wait for the page: it may be about to close. */
export function write(
  db: IDBPDatabase,
  names: readonly string[],
  puts: (stores: (name: string) => Store) => Promise<unknown>[],
): Promise<unknown> {
  const change = db.transaction([...names], 'readwrite');
  const all = puts((name) => change.objectStore(name));
  change.commit();
  return Promise.all([...all, change.done]);
}

export const readImage = (): Promise<Image | undefined> => within((db) => db.get('image', 'all'));
/** Keeps the image and its changed windows in one transaction: a window older than the image would not be shown. */
export async function keepImage(image: Image, windows: ReadonlyMap<number, Kept> = new Map()): Promise<void> {
  await within((db) =>
    write(db, ['image', 'windows'], (store) => [
      store('image').put(image, 'all'),
      ...[...windows].map(([chatId, kept]) => store('windows').put({ ...kept, ...newest(kept) }, chatId)),
    ]),
  );
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

/** Returns the drafts, by chat, and the edits that are not saved, by the place of their message. */
export const readWords = (): Promise<{ drafts: Map<number, Draft>; edits: Map<string, Edit> } | undefined> =>
  within(async (db) => {
    const [keys, all] = await Promise.all([db.getAllKeys('drafts'), db.getAll('drafts')]);
    const drafts = new Map<number, Draft>();
    const edits = new Map<string, Edit>();
    keys.forEach((key, place) => {
      if (typeof key === 'string') edits.set(key, all[place]);
      else drafts.set(Number(key), all[place]);
    });
    return { drafts, edits };
  });

/** Keeps the draft of a chat, or the edit of a message. */
export const keepWords = (key: number | string, words: Draft | Edit | undefined): Promise<unknown> =>
  within((db) =>
    write(db, ['drafts'], (store) => [words ? store('drafts').put(words, key) : store('drafts').delete(key)]),
  );

/** Returns the unconfirmed items, in their order. */
export const readOutbox = (): Promise<Item[] | undefined> =>
  within(async (db) => (await db.getAll('outbox')).sort((a: Item, b: Item) => a.order - b.order));

export const keepItem = (item: Item): Promise<unknown> =>
  within((db) => write(db, ['outbox'], (store) => [store('outbox').put(item)]));
/** Removes an item, with the bytes of its files. */
export const dropItem = (cmid: string): Promise<unknown> =>
  within((db) =>
    write(db, ['outbox', 'bytes'], (store) => [store('outbox').delete(cmid), store('bytes').delete(placesOf(cmid))]),
  );

const placesOf = (cmid: string): IDBKeyRange => IDBKeyRange.bound([cmid], [cmid, []]);

/** Keeps an item with the bytes of its files, all or nothing; returns whether there was room. */
export async function keepWhole(item: Item, bytes: readonly Blob[]): Promise<boolean> {
  const put = async (db: IDBPDatabase): Promise<boolean> => {
    // The bytes first: a refused one leaves nothing.
    await write(db, ['outbox', 'bytes'], (store) => [
      ...bytes.map((one, place) => store('bytes').put(one, [item.cmid, place])),
      store('outbox').put(item),
    ]);
    return true;
  };
  // Files that are too large for the browser say nothing about words.
  return (await within(put, () => undefined)) ?? false;
}

/** Returns the kept bytes of a file. */
export const readBytes = (cmid: string, place: number): Promise<Blob | undefined> =>
  within((db) => db.get('bytes', [cmid, place]));

/** Keeps a smaller photo beside the chosen one, unless its item is gone; returns whether it is kept. */
export async function keepSmaller(cmid: string, place: number, bytes: Blob): Promise<boolean> {
  const put = async (db: IDBPDatabase): Promise<boolean> => {
    const change = db.transaction(['outbox', 'bytes'], 'readwrite');
    const isThere = (await change.objectStore('outbox').getKey(cmid)) !== undefined;
    if (isThere) await change.objectStore('bytes').put(bytes, [cmid, place, SMALLER]);
    await change.done;
    return isThere;
  };
  return (await within(put, () => undefined)) ?? false;
}
export const readSmaller = (cmid: string, place: number): Promise<Blob | undefined> =>
  within((db) => db.get('bytes', [cmid, place, SMALLER]));

/** The drafts, edits and unconfirmed items of an account that is not signed in. */
interface Aside {
  words: [key: IDBValidKey, words: Draft | Edit][];
  items: Item[];
}

/**
 * Makes the kept words those of an account: the words of the account before it are put aside until that signs in again.
 */
export const claim = (account: number): Promise<unknown> =>
  within(async (db) => {
    const change = db.transaction(['image', 'drafts', 'outbox'], 'readwrite');
    const [image, drafts, outbox] = [
      change.objectStore('image'),
      change.objectStore('drafts'),
      change.objectStore('outbox'),
    ];
    const owner: number | undefined = await image.get('owner');
    const back: Aside | undefined = await image.get(asideOf(account));
    if (owner !== account) {
      const puts: Promise<unknown>[] = [image.put(account, 'owner'), image.delete(asideOf(account))];
      // Words without an owner were kept by an older version: they are this account's.
      if (owner !== undefined) {
        const [keys, all, items] = await Promise.all([drafts.getAllKeys(), drafts.getAll(), outbox.getAll()]);
        const words = keys.map((key, place): Aside['words'][number] => [key, all[place]]);
        puts.push(image.put({ words, items } satisfies Aside, asideOf(owner)), drafts.clear(), outbox.clear());
      }
      for (const [key, words] of back?.words ?? []) puts.push(drafts.put(words, key));
      for (const item of back?.items ?? []) puts.push(outbox.put(item));
      await Promise.all(puts);
    }
    await change.done;
  });

/** Returns the chats in which an account has recordings that were not sent. */
export async function readRecorded(account: number): Promise<Set<number>> {
  const keys = await within((db) => db.getAllKeys('recordings', recordingsOf(account)));
  return new Set(keys?.map((key) => (key as number[])[1] ?? 0));
}

const recordingsOf = (account: number): IDBKeyRange => IDBKeyRange.bound([account], [account, []]);

const asideOf = (account: number): string => `aside/${account}`;

/**
 * Removes everything of this person from the browser, at sign-out; words of other accounts stay aside. The owner stays
 * too: what another tab writes at this moment is not for the next account.
 */
export async function clearAll(): Promise<void> {
  // What another program has shared, and no chat was chosen for.
  if ('caches' in globalThis) await caches.delete('shared').catch(() => false);
  await clearCopies();
  await within(async (db) => {
    const owner: number | undefined = await db.get('image', 'owner');
    if (owner !== undefined) await db.delete('recordings', recordingsOf(owner));
    const change = db.transaction(['drafts', 'outbox', 'bytes'], 'readwrite');
    const [outbox, bytes] = [change.objectStore('outbox'), change.objectStore('bytes')];
    const cmids = await outbox.getAllKeys();
    const gone = cmids.map((one) => bytes.delete(placesOf(String(one))));
    await Promise.all([...gone, change.objectStore('drafts').clear(), outbox.clear(), change.done]);
  });
}

/** Removes what the server has too; drafts, edits and unconfirmed items stay for their account. */
export async function clearCopies(): Promise<void> {
  await within((db) => Promise.all([db.delete('image', 'all'), db.delete('image', 'order'), db.clear('windows')]));
}
