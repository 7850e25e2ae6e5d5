/** Which of many names is meant: those visited last first, those that begin with what was typed before the others. */
import { finder } from '../lib/search';

const VISITS = 20;
let visits: readonly number[] = [];

/** A chat was opened. */
export function noteVisit(chatId: number): void {
  visits = [chatId, ...visits.filter((one) => one !== chatId)].slice(0, VISITS);
}

/** Chats by last visit, then in the order given; the one that is open already comes last. */
export function byRecency(ids: readonly number[], current: number | null, visited = visits): number[] {
  const known = new Set(ids);
  const recent = visited.filter((one) => known.has(one));
  const rest = ids.filter((one) => !recent.includes(one));
  const all = [...recent, ...rest].filter((one) => one !== current);
  return current !== null && known.has(current) ? [...all, current] : all;
}

/** Those found by `query`, in the order given, names that begin with it first. */
export function ranked<T extends { label: string }>(all: readonly T[], query: string): T[] {
  const isMeant = finder(query);
  const found = all.filter((one) => isMeant(one.label));
  const begins = new Set(found.filter((one) => isMeant(one.label.split(/\s/)[0] ?? '')));
  return [...begins, ...found.filter((one) => !begins.has(one))];
}
