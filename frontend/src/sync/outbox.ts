/** Reliable verbs: kept in the browser, repeated until the answer is definite, in order within a lane. */
import { isPassing, Problem } from '../api/problem';
import type { Given, Verbs } from '../api/types';
import { sleep } from '../lib/backoff';
import { uuid } from '../lib/browser';
import { serverNow } from '../lib/clock';
import { emitter } from '../lib/emitter';
import { retry } from '../lib/retry';
import { type Attached, type Item, isWaiting, outbox, putItem, settle } from '../store/outbox';
import { phase } from '../store/session';
import { effect } from '../store/signal';
import { dropItem, keepItem, readOutbox } from './cache';
import { hold, keepWith, letGo, wireOf } from './files/bytes';
import { ask } from './line/frames';
import { isOpen, leads, onBytes, onItem, onSettled, type Settled, share } from './line/tabs';
import { lineBack } from './line/waker';
import { rowOf, type verbs } from './verbs';

/** The wait between tries of an item, longer than between sockets: a returning connection ends it. */
export const WAITS = { first: 1000, most: 60_000 };
/** A message is shown when it is kept, or after so many ms if the storage is slow. */
const KEPT_MS = 500;

/** The time between looks whether a request is answered, ms. */
const HANGS_MS = 10_000;

/** The files of a new message, and their bytes in the same order. */
export interface Enclosed {
  files: readonly Attached[];
  bytes: readonly Blob[];
}

/** A message with files was taken back. */
export const onWithdrawn = emitter<Item>();
/** A definite refusal of a shown change, with its reason in words. */
export const onRefused = emitter<string>();

const draining = new Set<string>();
/** The items of this page, or taken over from the page before it. */
const own = new Set<string>();
let newest = 0;

const laneOf = ({ key, line }: Item): string => key ?? `line/${line}`;
const find = (cmid: string): Item | undefined => outbox.value.find((one) => one.cmid === cmid);

/** Adds an item; it is on screen when the promise resolves, and kept if it waits in a lane. */
export async function queue<V extends keyof typeof verbs>(
  verb: V,
  data: Given<Verbs[V]['data']>,
  enclosed?: Enclosed,
): Promise<void> {
  newest = Math.max(Date.now(), newest + 1);
  const cmid = 'client_msg_id' in data ? String(data.client_msg_id) : uuid();
  const at = new Date(serverNow()).toISOString();
  const asked = { cmid, verb, data, at, order: newest, state: 'queued', reason: '' };
  const item = { ...asked, ...placeOf(verb, data), ...(enclosed && { files: enclosed.files }) } as Item;
  own.add(cmid);
  const kept: Promise<unknown> = enclosed ? enclose(item, enclosed.bytes) : keepItem(item);
  if (item.key === undefined) await Promise.race([kept, sleep(KEPT_MS)]);
  show(item);
  void kept.then((isKept) => (isKept === false ? loosen(cmid) : undefined));
  void drain(laneOf(item));
}

/** Keeps an item with its bytes, which the other tabs get too; returns whether the browser had room. */
function enclose(item: Item, bytes: readonly Blob[]): Promise<boolean> {
  share({ what: 'bytes', cmid: item.cmid, bytes });
  return keepWith(item, bytes);
}

/** Notes that only the open tabs have the bytes of an item. */
async function loosen(cmid: string): Promise<void> {
  const item = find(cmid);
  if (item) await update({ ...item, isLoose: true });
}

/** Returns the place of an item in its lane; one that replaces another of its key takes that place. */
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

/** Loads the items of an earlier page, unless they were read already, and sends them. */
export async function restore(reading = readOutbox()): Promise<void> {
  for (const item of (await reading) ?? []) {
    if (!rowOf(item.verb)) continue;
    if (!find(item.cmid)) own.add(item.cmid);
    putItem(item);
  }
  retryAll();
}

/** Tries all waiting items now, as the connection is back. */
export function retryAll(): void {
  lineBack.wake();
  for (const lane of new Set(outbox.value.map(laneOf))) void drain(lane);
}

/** Tries a refused item once more. */
export async function again(cmid: string): Promise<void> {
  const item = find(cmid);
  if (!item) return;
  await update({ ...item, state: 'queued', reason: '', ...(item.files && { files: item.files.map(anew) }) });
  void drain(laneOf(item));
}

/** Returns a file that failed as one that was never sent: the server ends an upload with its first refusal. */
const anew = (file: Attached): Attached =>
  file.state === 'failed'
    ? { ...file, state: 'kept', key: uuid(), sent: 0, upload: null, file: null, reason: '' }
    : file;

/** Takes back an item that was not sent yet. */
export function withdraw(cmid: string): void {
  const item = find(cmid);
  drop({ cmid });
  if (item?.files) onWithdrawn.emit(item);
}

/** Notes a change of a file, in every tab; `isStep`: a later page needs to know it. */
export async function noteFile(cmid: string, place: number, change: Partial<Attached>, isStep = true): Promise<void> {
  const item = find(cmid);
  const file = item?.files?.[place];
  if (!item?.files || !file) return;
  const next: Item = { ...item, files: item.files.with(place, { ...file, ...change }) };
  const now: Item = change.state === 'failed' ? { ...next, state: 'failed', reason: change.reason ?? '' } : next;
  if (isStep) await update(now);
  else show(now);
  if (!isWaiting(now)) void drain(laneOf(now));
}

async function update(item: Item): Promise<void> {
  show(item);
  // An item that a newer one of its key replaced is skipped: it would come back with the next page. So would one
  // without its bytes.
  if (find(item.cmid)) await (item.isLoose ? dropItem(item.cmid) : keepItem(item));
}

/** Shows an item here and in the other tabs. */
function show(item: Item): void {
  putItem(item);
  share({ what: 'item', item });
}

/** Finishes an item in every tab. */
function drop(settled: Settled): void {
  gone(settled);
  share({ what: 'settled', settled });
}

function gone({ cmid, ack, reason }: Settled): void {
  const item = find(cmid);
  if (!item) return;
  const row = rowOf(item.verb);
  const why = reason ?? (ack === undefined ? undefined : row?.refused?.(ack));
  if (why !== undefined) onRefused.emit(why);
  if (ack !== undefined) row?.answered?.(ack, item.data);
  // What was refused in part is on screen again at once, with the reason.
  if (ack !== undefined && row?.lasts && why === undefined) {
    putItem({ ...item, state: 'answered' });
    setTimeout(() => settle(cmid), row.lasts);
  } else settle(cmid);
}

/** Sends the items of a lane, one after another; only the leading tab does. */
async function drain(lane: string): Promise<void> {
  if (!leads() || draining.has(lane)) return;
  draining.add(lane);
  try {
    for (let item = head(lane); item && leads(); item = head(lane)) {
      const early = (item.notBefore ?? 0) - Date.now();
      // Further away than ever possible: the clock was set back.
      if (early > 0 && early <= (rowOf(item.verb)?.after ?? 0)) await sleep(early);
      else await deliver(item);
    }
  } finally {
    draining.delete(lane);
  }
}

const head = (lane: string): Item | undefined =>
  outbox.value.find(
    (one) => laneOf(one) === lane && (one.state === 'queued' || one.state === 'sending') && !isWaiting(one),
  );

/** Tries until the answer is definite, or the item is taken back. */
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
    if (item.key === undefined) await update({ ...lostFiles(item, error), state: 'failed', reason });
    else drop(isQuiet(item, error) ? { cmid } : { cmid, reason });
  }
}

/** Returns an item whose files the server no longer has with failed files: trying again sends them anew. */
function lostFiles(item: Item, error: unknown): Item {
  const isLost = error instanceof Problem && error.code === 'file.not_found';
  return isLost && item.files
    ? { ...item, files: item.files.map((one) => ({ ...one, state: 'failed' as const })) }
    : item;
}

function isQuiet({ verb }: Item, error: unknown): boolean {
  const quiet = rowOf(verb)?.isQuiet;
  return quiet === true || (error instanceof Problem && error.status === quiet);
}

/**
 * Tries once; returns `null` if the item was taken back before, or another tab leads now. Throws for a repeat or a
 * refusal.
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

async function say(item: Item): Promise<Verbs[keyof Verbs]['ack']> {
  const { verb, data } = wireOf(item);
  // The only verb without a frame.
  if (verb === 'voice.listen') return (await rowOf(verb)?.door(data)) ?? null;
  return (await (isOpen() ? ask(verb, data) : unlessBack(rowOf(verb)?.door(data)))) ?? null;
}

/** Waits for a request, but only until the socket is open again: on a dead connection it hangs. */
function unlessBack<T>(request: Promise<T> | undefined): Promise<T | undefined> {
  let isPending = true;
  const answer = Promise.resolve(request).finally(() => {
    isPending = false;
  });
  const back = async (): Promise<T | undefined> => {
    while (isPending && !isOpen()) await lineBack.sleep(HANGS_MS);
    if (isPending) throw new Problem({});
    return answer;
  };
  return Promise.race([answer, back()]);
}

let turn: Promise<unknown> = Promise.resolve();

/** Sends items of different keys one at a time, without waiting for a failed key: a hundred read marks are no burst. */
function inTurn<T>(run: () => Promise<T>): Promise<T> {
  const mine = turn.then(run);
  turn = mine.catch(() => {});
  return mine;
}

/** Sends delayed items at once. */
export async function flush(isMeant: (item: Item) => boolean = () => true): Promise<void> {
  const early = outbox.value.filter((one) => one.notBefore !== undefined && one.state === 'queued' && isMeant(one));
  await Promise.allSettled(early.map((one) => rowOf(one.verb)?.door(one.data)));
}

/** Follows the results of items, here and in the other tabs. */
export function start(): void {
  // A settled item (by its answer, or by its event after a lost answer) is not kept any longer.
  let known = new Set<string>();
  effect(() => {
    // The session has ended: what is kept waits for this account.
    if (phase.value === 'out') known = new Set();
    const left = new Set(outbox.value.filter((one) => one.state !== 'answered').map((one) => one.cmid));
    for (const cmid of known) {
      if (left.has(cmid)) continue;
      letGo(cmid);
      void dropItem(cmid);
    }
    known = left;
  });
  onSettled(gone);
  onBytes(({ cmid, bytes }) => hold(cmid, bytes));
  onItem((item) => {
    putItem(item);
    void drain(laneOf(item));
  });
  flushAtEnd();
}

/** Sends waiting items when the page is closed; a reload keeps them, and they can still be undone. */
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
