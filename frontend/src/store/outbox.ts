/** Requests of this device that the server has not confirmed: screens show them over the store. */
import type { Given, Verbs } from '../api/types';
import { computedList, type ReadonlySignal, signal } from './signal';
import type { Events } from './slice';

/** A file that goes out with a message; its bytes are kept apart from the item. */
export interface Attached {
  /** By it the server knows a repeat of the creation. */
  key: string;
  name: string;
  type: string;
  size: number;
  alt: string;
  /** A picture, which the server makes anew: its size, if this browser can show it. Otherwise it stays as it is. */
  photo?: { width: number; height: number } | 'unseen';
  /** A recording, which is sent as a voice message: its length and its 100 heights, in base64. */
  voice?: { ms: number; peaks: string };
  /** Says whether a smaller photo is kept beside the chosen one: it is sent, and `size` is its size. */
  isShrunk?: boolean;
  /** `making`: the server has all bytes and checks them. */
  state: 'kept' | 'shrinking' | 'uploading' | 'making' | 'ready' | 'failed';
  /** The number of bytes that the server has. */
  sent: number;
  upload: number | null;
  file: number | null;
  /** Why it waits or has failed, in words. */
  reason: string;
}

interface Asked {
  cmid: string;
  /** The chat whose lane the item waits in: a lane sends all its items, one after another. */
  line?: number;
  /** The subject of the item: of one key only the newest counts, and keys do not wait for each other. */
  key?: string;
  /** The time (ms) until which the item can be undone or replaced. */
  notBefore?: number;
  at: string;
  /** Rises with each item of this browser: their order, kept over a restart. */
  order: number;
  /** `answered`: the server has accepted it, but its event is not here yet. */
  state: 'queued' | 'sending' | 'failed' | 'answered';
  reason: string;
  /** The files of a message: it goes out when all are ready; other items of its lane do not wait for it. */
  files?: readonly Attached[];
  /** Says whether the browser had no room for the bytes: only its open tabs have them. */
  isLoose?: boolean;
}

export type Item = { [V in keyof Verbs]: Asked & { verb: V; data: Given<Verbs[V]['data']> } }[keyof Verbs];
export type ItemOf<V extends keyof Verbs> = Extract<Item, { verb: V }>;

export const outbox = signal<readonly Item[]>([]);

export const itemsOf = <V extends keyof Verbs>(verb: V): ItemOf<V>[] =>
  outbox.value.filter((one): one is ItemOf<V> => one.verb === verb);

/** Returns the items of a verb; the same list until something about them changes. */
export const watchItems = <V extends keyof Verbs>(verb: V): ReadonlySignal<readonly ItemOf<V>[]> =>
  computedList(() => itemsOf(verb));

/** Says whether files of an item are not at the server yet. */
export const isWaiting = ({ files }: Item): boolean => files?.some((one) => one.state !== 'ready') ?? false;

/** Adds or updates an item; it replaces a waiting older item of its key. */
export function putItem(item: Item): void {
  const place = outbox.value.findIndex((one) => one.cmid === item.cmid);
  const all = place < 0 ? [...outbox.value, item] : outbox.value.with(place, item);
  outbox.value = item.key === undefined ? all : all.filter((one) => !isReplaced(one, all));
}

const isReplaced = ({ key, order, state }: Item, all: readonly Item[]): boolean =>
  key !== undefined && state === 'queued' && all.some((one) => one.key === key && one.order > order);

/** Removes a finished item. */
export function settle(cmid: string): void {
  if (outbox.value.some((one) => one.cmid === cmid)) outbox.value = outbox.value.filter((one) => one.cmid !== cmid);
}

export const events = {
  'message.created': ({ client_msg_id }) => {
    if (client_msg_id) settle(client_msg_id);
  },
} satisfies Events;
