/** The loaded ranges of a chat's history: the one on screen is its window, the others are kept apart. */
import { dropAside } from './aside';
import { merge, trimmed, type Window, windowOf } from './messages';
import { settle } from './outbox';
import { batch } from './signal';

/** The number of ranges beside the one on screen; the last used one is kept longest. */
const APART_MAX = 3;
const apart = new Map<number, readonly Window[]>();
/** The messages at which readers are; at the newest one of a chat that is not here. */
const places = new Map<number, number>();

/** Notes the message that a reader sees first; `null`: the reader follows the newest. */
export function notePlace(chatId: number, seq: number | null): void {
  if (seq === null) places.delete(chatId);
  else places.set(chatId, seq);
}

export const rangesApart = (chatId: number): readonly Window[] => apart.get(chatId) ?? [];

/**
 * Shows a page: it merges with every range that it meets, the other ranges stay. What is then too far from the page is
 * dropped.
 */
export function showRange(chatId: number, page: Window): void {
  const window = windowOf(chatId);
  const held = [...rangesApart(chatId), ...(window.value ? [window.value] : [])].filter((one) => one.items.length);
  let shown = page;
  let rest = held;
  for (let met = rest.filter((one) => meet(one, shown)); met.length; met = rest.filter((one) => meet(one, shown))) {
    for (const one of met) shown = merge(one, shown);
    rest = rest.filter((one) => !met.includes(one));
  }
  apart.set(chatId, rest.slice(-APART_MAX));
  put(chatId, trimmed(shown, page.items[page.items.length >> 1]?.seq ?? Infinity), shown);
}

/** Shows a window, and finishes the unsent messages that were loaded for it, whose answers were lost. */
function put(chatId: number, shown: Window | null, loaded = shown): void {
  // In one step: no message is on screen twice.
  batch(() => {
    windowOf(chatId).value = shown;
    for (const { client_msg_id } of loaded?.items ?? []) if (client_msg_id) settle(client_msg_id);
  });
}

/** Shows the range with a message, or the `newest` one, without loading; returns `false` if none is loaded. */
export function showHeld(chatId: number, seq: number | string): boolean {
  const holds = (one: Window): boolean =>
    seq === 'newest' ? !one.hasAfter : one.items.some((message) => message.seq === seq);
  const shown = windowOf(chatId).value;
  if (shown && holds(shown)) return true;
  const found = rangesApart(chatId).find(holds);
  if (found) showRange(chatId, found);
  return found !== undefined;
}

/** Updates every loaded range of a chat after an event; none grows, at the reader's place nothing is dropped. */
export function follow(chatId: number, change: (range: Window) => Window): void {
  const window = windowOf(chatId);
  if (window.value) window.value = trimmed(change(window.value), placeIn(window.value, chatId));
  const others = apart.get(chatId);
  if (others)
    apart.set(
      chatId,
      others.map((one) => trimmed(change(one), Infinity)),
    );
}

/** Returns the reader's place in a range; the newest end if it is not there. */
function placeIn({ items }: Window, chatId: number): number {
  const place = places.get(chatId) ?? Infinity;
  return place >= (items[0]?.seq ?? Infinity) ? place : Infinity;
}

/** Replaces the loaded history of a chat with one window, or with nothing. */
export function dropRanges(chatId: number, shown: Window | null): void {
  apart.delete(chatId);
  put(chatId, shown);
  dropAside(chatId);
}

/** Says whether two ranges overlap or adjoin. */
function meet(one: Window, other: Window): boolean {
  const [from, to] = [one.items[0]?.seq, one.items.at(-1)?.seq];
  const [first, last] = [other.items[0]?.seq, other.items.at(-1)?.seq];
  if (from === undefined || to === undefined || first === undefined || last === undefined) return false;
  return from <= last + 1 && to >= first - 1;
}
