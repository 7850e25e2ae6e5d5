/** One tab of a browser leads: only it is connected to the server; the other tabs communicate through it. */
import type { ClientFrame, ServerFrame, Verbs } from '../../api/types';
import { betweenTabs, uuid } from '../../lib/browser';
import { emitter } from '../../lib/emitter';
import type { Item } from '../../store/outbox';
import type { Connection } from '../../store/session';
import * as socket from './socket';

const LOCK = 'leader';
/** The silence after which a leader counts as frozen: a tab that is visible or needs something replaces it. */
const SILENT_MS = 700;

export interface Line {
  isOpen: boolean;
  isPolling: boolean;
  connection: Connection;
}
/** A finished item: answered by `ack`, refused for a `reason`, or taken back. */
export interface Settled {
  cmid: string;
  ack?: Verbs[keyof Verbs]['ack'];
  reason?: string;
}
/** The messages between tabs. `up` and `down` are frames to and from the server. */
type Note =
  | { what: 'joined' | 'alive' }
  | { what: 'up'; frame: ClientFrame }
  | { what: 'down'; frame: ServerFrame }
  | { what: 'line'; line: Line }
  | { what: 'item'; item: Item }
  | { what: 'bytes'; cmid: string; bytes: readonly Blob[] }
  | { what: 'settled'; settled: Settled };

/** This tab leads from now on (`true`), or no longer. */
export const onLead = emitter<boolean>();
/** A frame of the server, as the leading tab received it; events of polling too. */
export const onDown = emitter<ServerFrame>();
/** The state of the leading tab's connection, repeated for each new tab. */
export const onLine = emitter<Line>();
/** Another tab is visible or needs something: the leader checks its connection. */
export const onNudge = emitter<void>();
/** Another tab put an item into the outbox, or changed one. */
export const onItem = emitter<Item>();
/** Another tab has files for an item: the leading tab sends them, also those that the browser has no room for. */
export const onBytes = emitter<{ cmid: string; bytes: readonly Blob[] }>();
/** Another tab has finished an item. */
export const onSettled = emitter<Settled>();

/** The name of this tab in the refs of its questions. */
export const tab = uuid().slice(0, 8);

/** The channel between the tabs; without it this tab is alone. */
let between: BroadcastChannel | undefined;
let leading = false;
let line: Line = { isOpen: false, isPolling: false, connection: 'unknown' };
let waiting: AbortController | undefined;
let release: () => void = () => {};
let silence: ReturnType<typeof setTimeout> | undefined;
/** Whether a tab may follow this one: without any, the frames of the server are not copied for them. */
let isFollowed = true;
let heardNotes = 0;

export const leads = (): boolean => leading;
/** Says whether a frame sent now reaches the server. */
export const isOpen = (): boolean => (leading ? socket.isOpen() : line.isOpen);

/** Sends a frame to the server through the leading tab; returns `false` without a connection. */
export function tell(frame: ClientFrame): boolean {
  if (leading) return socket.tell(frame);
  if (line.isOpen) share({ what: 'up', frame });
  return line.isOpen;
}

/** The messages that need a leader: one that does not answer is replaced. */
const NEED_LEADER = new Set(['up', 'item']);

export function share(note: Note): void {
  between?.postMessage(note);
  if (NEED_LEADER.has(note.what)) probe();
}

/** Sends a frame of the server to the tabs that follow. */
export function passDown(frame: ServerFrame): void {
  if (isFollowed) share({ what: 'down', frame });
}

/** Sends the state of the leader's connection to the tabs. */
export function shareLine(next: Line): void {
  line = next;
  share({ what: 'line', line });
}

/** Follows the leader, and becomes it if there is none. */
export function join(): void {
  if (leading || waiting) return;
  if (!between) {
    led(true);
    return;
  }
  waiting = new AbortController();
  hold({ signal: waiting.signal });
  share({ what: 'joined' });
  probe();
}

/** Leaves: the next tab leads at once. */
export function resign(): void {
  waiting?.abort();
  waiting = undefined;
  heardAlive();
  line = { isOpen: false, isPolling: false, connection: 'unknown' };
  release();
  led(false);
}

function hold(options: LockOptions): void {
  const held = (): Promise<void> => {
    waiting = undefined;
    led(true);
    return new Promise((resolve) => {
      release = resolve;
    });
  };
  navigator.locks.request(LOCK, options, held).catch((error: unknown) => {
    if (options.signal?.aborted) return;
    if (leading) {
      // The lock was stolen while this tab was frozen: the tab follows now.
      led(false);
      join();
    } else if ((error as Error).name === 'SecurityError') {
      // The storage is forbidden, and locks with it: this tab is alone.
      between?.close();
      between = undefined;
      waiting = undefined;
      led(true);
    }
  });
}

function led(next: boolean): void {
  if (leading === next) return;
  leading = next;
  heardAlive();
  if (leading) void lookBack();
  onLead.emit(next);
}

/** Finds out whether tabs follow that joined an earlier leader: each waits for the lock. */
async function lookBack(): Promise<void> {
  isFollowed = true;
  const before = heardNotes;
  try {
    const { pending = [] } = await navigator.locks.query();
    isFollowed = heardNotes !== before || pending.some((one) => one.name === LOCK);
  } catch {
    // Without locks the tabs cannot be counted.
  }
}

/** Asks the leader for an answer; takes over without one. */
export function probe(): void {
  if (!waiting || document.visibilityState !== 'visible') return;
  share({ what: 'alive' });
  silence ??= setTimeout(async () => {
    silence = undefined;
    const { held } = await navigator.locks.query();
    if (!waiting || !held?.some((one) => one.name === LOCK)) return;
    waiting.abort();
    hold({ steal: true });
  }, SILENT_MS);
}

function heardAlive(): void {
  clearTimeout(silence);
  silence = undefined;
}

function hear(note: Note): void {
  heardNotes += 1;
  if (note.what === 'item') onItem.emit(note.item);
  else if (note.what === 'bytes') onBytes.emit(note);
  else if (note.what === 'settled') onSettled.emit(note.settled);
  else if (leading) {
    isFollowed = true;
    if (note.what === 'up') socket.tell(note.frame);
    else if (note.what === 'joined' || note.what === 'alive') {
      shareLine(line);
      onNudge.emit();
    }
  } else if (waiting && note.what === 'down') onDown.emit(note.frame);
  else if (waiting && note.what === 'line') {
    heardAlive();
    heard(note.line);
  }
}

function heard(next: Line): void {
  const before = line;
  line = next;
  if ((Object.keys(next) as (keyof Line)[]).some((key) => next[key] !== before[key])) onLine.emit(next);
}

/** Listens to the other tabs, if the browser supports it; a frozen page leaves them. */
export function start(): void {
  between = 'locks' in navigator ? betweenTabs('tabs') : undefined;
  if (!between) return;
  between.addEventListener('message', ({ data }: MessageEvent<Note>) => hear(data));
  document.addEventListener('visibilitychange', probe);
  let frozen = false;
  const freeze = (): void => {
    frozen ||= leading || Boolean(waiting);
    resign();
  };
  const thaw = (): void => {
    if (frozen) join();
    frozen = false;
  };
  document.addEventListener('freeze', freeze);
  document.addEventListener('resume', thaw);
  addEventListener('pagehide', freeze);
  addEventListener('pageshow', thaw);
}
