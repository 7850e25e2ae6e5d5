/** Messages: per chat a contiguous window of the history, and the unsent messages of this device. */
import type { MessageList, MessageTold, MessageView } from '../api/types';
import { type ItemOf, watchItems } from './outbox';
import { computed, type Signal, signal } from './signal';
import type { Window, Windows } from './slice';

export type { Window };

/** A message with an id of this device that the server has not confirmed. */
export type Pending = ItemOf<'message.send'>;

const shown = new Map<number, Signal<Window | null>>();
export const pending = watchItems('message.send');
const deletions = watchItems('messages.delete');

export function windowOf(chatId: number): Signal<Window | null> {
  let found = shown.get(chatId);
  if (!found) shown.set(chatId, (found = signal<Window | null>(null)));
  return found;
}

/** Messages whose deletion is pending, as `chat/seq`. */
export const removing = computed(
  () => new Set(deletions.value.flatMap(({ data: { chat_id, seqs } }) => seqs.map((seq) => placeOf({ chat_id, seq })))),
);
export const placeOf = ({ chat_id, seq }: { chat_id: number; seq: number }): string => `${chat_id}/${seq}`;

export const loadedChats = (): number[] => [...shown].filter(([, one]) => one.value).map(([id]) => id);
export const pendingOf = (chatId: number): Pending[] => pending.value.filter((one) => one.data.chat_id === chatId);

/** Returns the message of an event without the mentions that it added or removed: those belong to the event alone. */
export function viewOf(told: MessageTold): MessageView {
  if (!told.mentions_added && !told.mentions_removed) return told;
  const { mentions_added: _added, mentions_removed: _removed, ...view } = told;
  return view;
}

/** Returns a window of one page. */
export function fromPage(page: MessageList): Window {
  return { items: page.items, hasBefore: page.page.has_before, hasAfter: page.page.has_after };
}

/** Returns a window with a page that adjoins or overlaps it; a separate page replaces it. */
export function merge(window: Window | null, page: Window): Window {
  const [first, last] = [window?.items[0], window?.items.at(-1)];
  const [from, to] = [page.items[0], page.items.at(-1)];
  if (!window || !first || !last || !from || !to) return page.items.length || !window ? page : window;
  if (from.seq > last.seq + 1 || to.seq < first.seq - 1) return page;
  const bySeq = new Map(window.items.map((one) => [one.seq, one]));
  for (const one of page.items) bySeq.set(one.seq, newer(bySeq.get(one.seq), one));
  const items = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  const hasBefore = from.seq < first.seq ? page.hasBefore : window.hasBefore;
  const hasAfter = to.seq > last.seq ? page.hasAfter : window.hasAfter;
  return { items, hasBefore, hasAfter };
}

/**
 * Returns a window after a new message: it grows only if it includes the newest, and an empty one only from the first.
 */
export function withCreated(window: Window, message: MessageView): Window {
  const last = window.items.at(-1)?.seq ?? 0;
  if (message.seq <= last) return withChanged(window, message);
  if (window.hasAfter) return window;
  if (message.seq > last + 1) return { ...window, hasAfter: true };
  return { ...window, items: [...window.items, message] };
}

/** Returns a window after a changed message; an older rev changes nothing. */
export function withChanged(window: Window, message: MessageView): Window {
  const place = window.items.findIndex((one) => one.seq === message.seq);
  const kept = window.items[place];
  if (!kept || newer(kept, message) === kept) return window;
  return { ...window, items: window.items.with(place, changed(kept, message)) };
}

/** Returns the message of an event with the parts that it had, beside those that it holds; a deletion drops them. */
export function changed(kept: MessageView, message: MessageView): MessageView {
  if (message.deleted_at || !(message.parts || kept.parts)) return message;
  return { ...message, parts: { ...kept.parts, ...message.parts } };
}

/** Returns the later of two states of a message. */
export function newer(kept: MessageView | null | undefined, other: MessageView): MessageView {
  if (!kept || other.rev > kept.rev) return other;
  return kept;
}

/** The size of a range: each message more costs time whenever one arrives. */
export const HELD_MAX = 200;
/** A range grows by so many before it is trimmed: then a row is rarely the first one, which is drawn differently. */
const SLACK = 20;

/** Returns a range without the messages that are farthest from `seq`; `Infinity` is the newest one. */
export function trimmed(window: Window, seq: number): Window {
  const { items, hasBefore, hasAfter } = window;
  const over = items.length - HELD_MAX;
  if (over <= SLACK) return window;
  const place = seq - (items[0]?.seq ?? 0);
  const from = Math.min(over, Math.max(0, Math.ceil(place - HELD_MAX / 2)));
  return {
    items: items.slice(from, from + HELD_MAX),
    hasBefore: hasBefore || from > 0,
    hasAfter: hasAfter || from < over,
  };
}

/** Returns the messages of the range on screen. */
export const messagesOf = (chatId: number): readonly MessageView[] => windowOf(chatId).value?.items ?? [];

export function findMessage(chatId: number, seq: number): MessageView | undefined {
  const items = messagesOf(chatId);
  return items[seq - (items[0]?.seq ?? 0)];
}

export const windows = {
  'message.created': (window, told) => withCreated(window, viewOf(told)),
  'message.edited': (window, told) => withChanged(window, viewOf(told)),
  'message.deleted': (window, told) => withChanged(window, viewOf(told)),
  'messages.deleted': (window, { items }) => items.map(viewOf).reduce(withChanged, window),
} satisfies Windows;
