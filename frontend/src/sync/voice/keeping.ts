/** Recordings that were not sent, by chat: the browser keeps each part of one as it comes. */
import { uuid } from '../../lib/browser';
import { noteRecorded } from '../../store/mine/voice';
import type { Item } from '../../store/outbox';
import { myId } from '../../store/session';
import { within, write } from '../cache';

/** A recording, by its account and chat. */
export interface Place {
  account: number;
  chatId: number;
  id: string;
}

/** About a second of a recording. */
export interface Part {
  bytes: Blob;
  /** Its end in the recording, ms. */
  until: number;
  /** How loud it is, in tenths of a second. */
  heights: readonly number[];
}

export interface Recorded extends Place {
  bytes: Blob;
  ms: number;
  heights: readonly number[];
}

/** The recordings that the browser has no room for, by chat. */
const loose = new Map<number, Recorded>();
/** What is written before a recording can be read again. */
let writing: Promise<unknown> = Promise.resolve();

const STORE = 'recordings';
/** Fewer bytes are the beginning of a file without any sound. */
const LEAST = 1000;
/** Returns the name of the lock that a page holds while it records. */
export const lockOf = (id: string): string => `recording/${id}`;
const keyOf = ({ account, chatId, id }: Place): [number, number, string] => [account, chatId, id];
const allOf = (key: readonly (number | string)[]): IDBKeyRange => IDBKeyRange.bound(key, [...key, []]);

/** Lets readers wait until something is written. */
export function awaiting(work: Promise<unknown>): void {
  writing = Promise.allSettled([writing, work]);
}

/** Keeps the nth part of a recording; returns whether there was room. */
export async function keepPart(place: Place, n: number, part: Part): Promise<boolean> {
  const put = (db: Parameters<typeof write>[0]) =>
    write(db, [STORE], (store) => [store(STORE).put(part, [...keyOf(place), n])]).then(() => true);
  return (await within(put, () => undefined)) ?? false;
}

/** Keeps a recording as a whole, in the open page if the browser has no room. */
export async function keepRecorded(recorded: Recorded): Promise<void> {
  const { chatId, account, bytes, ms: until, heights } = recorded;
  // Another account may have signed in since.
  if (account !== myId()) return;
  if (!(await keepPart(recorded, 0, { bytes, until, heights }))) loose.set(chatId, recorded);
  noteRecorded(chatId, true);
}

/** Returns a recording of mine that was not sent, unless a page still records it; as far as all its parts are there. */
export async function readKept(chatId: number): Promise<Recorded | undefined> {
  await writing;
  const account = myId();
  const range = allOf([account, chatId]);
  const [keys, parts] = (await within((db) => Promise.all([db.getAllKeys(STORE, range), db.getAll(STORE, range)]))) ?? [
    [],
    [],
  ];
  const held = new Set((await navigator.locks?.query())?.held?.map(({ name }) => name));
  const found = new Map<string, Part[]>();
  for (const [place, key] of keys.entries()) {
    const [, , id, n] = key as [number, number, string, number];
    const before = found.get(id) ?? [];
    if (!held.has(lockOf(id)) && n === before.length) found.set(id, [...before, parts[place]]);
  }
  const all = [...found].map(([id, whole]): Recorded => ({ account, chatId, id, ...joined(whole) }));
  return all.find(({ bytes }) => bytes.size >= LEAST) ?? loose.get(chatId);
}

/** Joins the parts of a recording. */
export const joined = (parts: readonly Part[]): Pick<Recorded, 'bytes' | 'ms' | 'heights'> => ({
  bytes: new Blob(
    parts.map(({ bytes }) => bytes),
    { type: parts[0]?.bytes.type ?? '' },
  ),
  ms: parts.at(-1)?.until ?? 0,
  heights: parts.flatMap(({ heights }) => heights),
});

/** Deletes a recording. */
export async function dropRecorded(place: Place): Promise<void> {
  loose.delete(place.chatId);
  await within((db) => db.delete(STORE, allOf(keyOf(place))));
  noteRecorded(place.chatId, (await readKept(place.chatId)) !== undefined);
}

/** Forgets what only the open page has. */
export const dropLoose = (): void => loose.clear();

/** Takes the recording of a message back that was not sent. */
export function takeBack({ data, files }: Item, bytes: Blob): Promise<void> {
  const { ms = 0, peaks = '' } = files?.[0]?.voice ?? {};
  const heights = Array.from(atob(peaks), (one) => one.charCodeAt(0));
  const chatId = 'chat_id' in data ? data.chat_id : 0;
  return keepRecorded({ account: myId(), chatId, id: uuid(), bytes, ms, heights });
}
