/** Verbs that survive everything: kept in the browser, repeated until the answer is definite, in order where they have a line. */
import { isPassing, Problem } from '../api/problem';
import type { Given, Verbs } from '../api/types';
import { sleep } from '../lib/backoff';
import { uuid } from '../lib/browser';
import { emitter } from '../lib/emitter';
import { retry } from '../lib/retry';
import { type Item, outbox, putItem, settle } from '../store/outbox';
import { effect } from '../store/signal';
import { dropItem, keepItem, readOutbox } from './cache';
import { ask } from './line/frames';
import { isOpen, leads, onItem, onSettled, type Settled, share } from './line/tabs';
import { lineBack } from './line/waker';
import { rowOf, type verbs } from './verbs';

/** Between tries of an item, longer than between sockets: what waits is woken when the line is back. */
const WAITS = { first: 1000, most: 60_000 };
/** A message is shown when it is kept, or after so many ms where the browser hesitates. */
const KEPT_MS = 500;

/** The server refused for good what stood over the store: why, in words. */
export const onRefused = emitter<string>();

const draining = new Set<string>();
/** The items that this page asked for, or took over from the page before it. */
const own = new Set<string>();
let newest = 0;

const laneOf = ({ key, line }: Item): string => key ?? `line/${line}`;
const find = (cmid: string): Item | undefined => outbox.value.find((one) => one.cmid === cmid);

/** Ask for something; it is on screen when the promise resolves, and kept where it waits in a line. */
export async function queue<V extends keyof typeof verbs>(verb: V, data: Given<Verbs[V]['data']>): Promise<void> {
  newest = Math.max(Date.now(), newest + 1);
  const cmid = 'client_msg_id' in data ? String(data.client_msg_id) : uuid();
  const asked = { cmid, verb, data, at: new Date().toISOString(), order: newest, state: 'queued', reason: '' };
  const item = { ...asked, ...placeOf(verb, data) } as Item;
  own.add(cmid);
  const kept = keepItem(item);
  if (item.key === undefined) await Promise.race([kept, sleep(KEPT_MS)]);
  show(item);
  void drain(laneOf(item));
}

/** Where an item waits; one that replaces another of its key goes out when that would have. */
function placeOf<V extends keyof Verbs>(
  verb: V,
  data: Given<Verbs[V]['data']>,
): Pick<Item, 'line' | 'key' | 'notBefore'> {
  const row = rowOf(verb);
  if (row?.line) return { line: row.line(data) };
  const key = row?.key(data) ?? verb;
  const replaced = outbox.value.find((one) => one.key === key && one.state === 'queued');
  return { key, notBefore: replaced?.notBefore ?? Date.now() + (row?.after ?? 0) };
}

/** Take what an earlier page left behind, and send it. */
export async function restore(): Promise<void> {
  for (const item of (await readOutbox()) ?? []) {
    if (!rowOf(item.verb)) continue;
    if (!find(item.cmid)) own.add(item.cmid);
    putItem(item);
  }
  retryAll();
}

/** The line is back: everything that waits is tried now. */
export function retryAll(): void {
  lineBack.wake();
  for (const lane of new Set(outbox.value.map(laneOf))) void drain(lane);
}

/** Try once more what was refused. */
export async function again(cmid: string): Promise<void> {
  const item = find(cmid);
  if (!item) return;
  await update({ ...item, state: 'queued', reason: '' });
  void drain(laneOf(item));
}

/** Take back what was not told yet. */
export const withdraw = (cmid: string): void => drop({ cmid });

async function update(item: Item): Promise<void> {
  show(item);
  // Not one that a newer item of its key replaced meanwhile: it would come back with the next page.
  if (find(item.cmid)) await keepItem(item);
}

/** Show an item here and in the other tabs. */
function show(item: Item): void {
  putItem(item);
  share({ what: 'item', item });
}

/** An item is done with, in every tab. */
function drop(settled: Settled): void {
  gone(settled);
  share({ what: 'settled', settled });
}

function gone({ cmid, ack, reason }: Settled): void {
  const item = find(cmid);
  if (!item) return;
  const row = rowOf(item.verb);
  if (reason !== undefined) onRefused.emit(reason);
  if (ack !== undefined) row?.answered?.(ack, item.data);
  if (ack !== undefined && row?.lasts) {
    putItem({ ...item, state: 'answered' });
    setTimeout(() => settle(cmid), row.lasts);
  } else settle(cmid);
}

/** Send what waits in a lane, one after another; only the leading tab does. */
async function drain(lane: string): Promise<void> {
  if (!leads() || draining.has(lane)) return;
  draining.add(lane);
  try {
    for (let item = head(lane); item && leads(); item = head(lane)) {
      const early = (item.notBefore ?? 0) - Date.now();
      // Further away than it ever was: the clock was set back.
      if (early > 0 && early <= (rowOf(item.verb)?.after ?? 0)) await sleep(early);
      else await deliver(item);
    }
  } finally {
    draining.delete(lane);
  }
}

const head = (lane: string): Item | undefined =>
  outbox.value.find((one) => laneOf(one) === lane && (one.state === 'queued' || one.state === 'sending'));

/** Try until the answer is definite, or the item is taken back. */
async function deliver(item: Item): Promise<void> {
  const { cmid } = item;
  if (rowOf(item.verb)?.isDone?.(item.data)) return drop({ cmid });
  const isWanted = (): boolean => leads() && find(cmid) !== undefined;
  const run = (): Promise<Settled | null> => (item.key === undefined ? attempt(item) : inTurn(() => attempt(item)));
  try {
    const settled = await retry(run, { waits: WAITS, waker: lineBack, isWanted, isPassing });
    if (settled) drop(settled);
  } catch (error) {
    if (!find(cmid)) return;
    const reason = error instanceof Problem ? error.message : String(error);
    if (item.key === undefined) await update({ ...item, state: 'failed', reason });
    else drop(isQuiet(item, error) ? { cmid } : { cmid, reason });
  }
}

function isQuiet({ verb }: Item, error: unknown): boolean {
  const quiet = rowOf(verb)?.isQuiet;
  return quiet === true || (error instanceof Problem && error.status === quiet);
}

/**
 * One try; `null` when the item was taken back before, or another tab leads by now. Throws where it has to be tried
 * again, or was refused.
 */
async function attempt(item: Item): Promise<Settled | null> {
  if (!leads() || !find(item.cmid)) return null;
  show({ ...item, state: 'sending' });
  try {
    return { cmid: item.cmid, ack: await say(item) };
  } catch (error) {
    if (isPassing(error) && find(item.cmid)) await update({ ...item, state: 'queued' });
    throw error;
  }
}

const say = async ({ verb, data }: Item): Promise<Verbs[keyof Verbs]['ack']> =>
  (isOpen() ? ask(verb, data) : rowOf(verb)?.door(data)) ?? null;

let turn: Promise<unknown> = Promise.resolve();

/** Keys wait for no other key that waits, but their tries go out one at a time: a hundred read marks are no burst. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const mine = turn.then(run);
  turn = mine.catch(() => {});
  return mine;
}

/** Tell at once what only waits for its moment. */
export async function flush(isMeant: (item: Item) => boolean = () => true): Promise<void> {
  const early = outbox.value.filter((one) => one.notBefore !== undefined && one.state === 'queued' && isMeant(one));
  await Promise.allSettled(early.map((one) => rowOf(one.verb)?.door(one.data)));
}

/** Follow what becomes of items, here and in the other tabs. */
export function start(): void {
  // However it was settled (by its answer, or by the event of it where the answer was lost): it is kept no longer.
  let known = new Set<string>();
  effect(() => {
    const left = new Set(outbox.value.filter((one) => one.state !== 'answered').map((one) => one.cmid));
    for (const cmid of known) if (!left.has(cmid)) void dropItem(cmid);
    known = left;
  });
  onSettled(gone);
  onItem((item) => {
    putItem(item);
    void drain(laneOf(item));
  });
  flushAtEnd();
}

/** A page that is left leaves nothing waiting; one that loads itself anew goes on, and what waits can still be taken back. */
function flushAtEnd(): void {
  let comesBack = false;
  const { navigation } = globalThis as { navigation?: EventTarget };
  navigation?.addEventListener('navigate', (event) => {
    comesBack = (event as Event & { navigationType: string }).navigationType === 'reload';
  });
  addEventListener('pagehide', () => {
    if (!comesBack) void flush(({ cmid }) => own.has(cmid));
  });
}
