/** The order of found names: recently visited ones first, and names with the typed beginning before the others. */
import { finder } from '../lib/search';

const VISITS = 20;
let visits: readonly number[] = [];

/** Remembers that a chat was opened. */
export function noteVisit(chatId: number): void {
  visits = [chatId, ...visits.filter((one) => one !== chatId)].slice(0, VISITS);
}

/** Returns chats by last visit, then in the given order; the open one comes last. */
export function byRecency(ids: readonly number[], current: number | null, visited = visits): number[] {
  const known = new Set(ids);
  const recent = visited.filter((one) => known.has(one));
  const rest = ids.filter((one) => !recent.includes(one));
  const all = [...recent, ...rest].filter((one) => one !== current);
  return current !== null && known.has(current) ? [...all, current] : all;
}

/** Returns the matches of `query` in the given order, names with that beginning first. */
export function ranked<T extends { label: string }>(all: readonly T[], query: string): T[] {
  const isMeant = finder(query);
  const found = all.filter((one) => isMeant(one.label));
  const begins = new Set(found.filter((one) => isMeant(one.label.split(/\s/)[0] ?? '')));
  return [...begins, ...found.filter((one) => !begins.has(one))];
}
