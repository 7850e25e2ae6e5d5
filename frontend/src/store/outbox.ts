/** What this device asks for and the server has not confirmed: screens lay it over what they draw. */
import type { Given, Verbs } from '../api/types';
import { computed, type ReadonlySignal, signal } from './signal';
import type { Events } from './slice';

interface Asked {
  cmid: string;
  /** The chat whose line it waits in: all of a line go out, one after another. */
  line?: number;
  /** What it is about: of one key only the newest counts, and none waits for another key. */
  key?: string;
  /** Until then (ms) it can be taken back, or replaced. */
  notBefore?: number;
  at: string;
  /** Rises with each item of this browser: the order in which they were asked for, kept over a restart. */
  order: number;
  /** `answered`: the server has it, and its event is not here yet. */
  state: 'queued' | 'sending' | 'failed' | 'answered';
  reason: string;
}

export type Item = { [V in keyof Verbs]: Asked & { verb: V; data: Given<Verbs[V]['data']> } }[keyof Verbs];
export type ItemOf<V extends keyof Verbs> = Extract<Item, { verb: V }>;

export const outbox = signal<readonly Item[]>([]);

export const itemsOf = <V extends keyof Verbs>(verb: V): ItemOf<V>[] =>
  outbox.value.filter((one): one is ItemOf<V> => one.verb === verb);

/** The items of a verb; the same list as long as nothing about them changes. */
export function watchItems<V extends keyof Verbs>(verb: V): ReadonlySignal<readonly ItemOf<V>[]> {
  let last: readonly ItemOf<V>[] = [];
  return computed(() => {
    const now = itemsOf(verb);
    if (now.length !== last.length || now.some((one, place) => one !== last[place])) last = now;
    return last;
  });
}

/** Take an item in, or its new state; of a key nothing waits that a newer item replaces. */
export function putItem(item: Item): void {
  const place = outbox.value.findIndex((one) => one.cmid === item.cmid);
  const all = place < 0 ? [...outbox.value, item] : outbox.value.with(place, item);
  outbox.value = item.key === undefined ? all : all.filter((one) => !isReplaced(one, all));
}

const isReplaced = ({ key, order, state }: Item, all: readonly Item[]): boolean =>
  key !== undefined && state === 'queued' && all.some((one) => one.key === key && one.order > order);

/** The item is done with, one way or the other. */
export function settle(cmid: string): void {
  if (outbox.value.some((one) => one.cmid === cmid)) outbox.value = outbox.value.filter((one) => one.cmid !== cmid);
}

export const events = {
  'message.created': ({ client_msg_id }) => {
    if (client_msg_id) settle(client_msg_id);
  },
} satisfies Events;
