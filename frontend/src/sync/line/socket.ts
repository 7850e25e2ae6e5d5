/** The socket: connects, answers pings, detects a dead connection, reconnects. Reports only frames and state. */
import type { ClientFrame, ServerFrame } from '../../api/types';
import { backoff, spread, USUAL } from '../../lib/backoff';
import { emitter } from '../../lib/emitter';

const DEAD_MS = 60_000;
const HANDSHAKE_MS = 10_000;
const PROOF_MS = 5000;
/** Closed for many at once: the server restarts, or the history was rewound (4408, as for a slow reader). */
const CROWD = new Set([1012, 4408]);
/** Closed because of a frame of this page: reconnecting at once would repeat it. */
const OWN_FAULT = new Set([1009, 4400, 4429]);
const LONG_TRIES = 6;
/** Close codes after which reconnecting is useless without another step first. */
export const REVOKED = 4403;
export const UNAUTHENTICATED = 4401;

export const onFrame = emitter<ServerFrame>();
export const onOpen = emitter<void>();
export const onClose = emitter<number>();

let socket: WebSocket | null = null;
let wanted = false;
let tries = 0;
let greeted = false;
let heardAt = 0;
/** Whether a frame of the server is expected soon. */
let isDoubtful = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let watchdog: ReturnType<typeof setTimeout> | undefined;

/** Says whether the session on the socket is greeted: only then it takes frames other than `hello`. */
export const isOpen = (): boolean => greeted && socket?.readyState === WebSocket.OPEN;

/** Connects, and stays connected until `disconnect`. */
export function connect(): void {
  wanted = true;
  if (!socket) open();
}

export function disconnect(): void {
  wanted = false;
  clearTimeout(timer);
  const closing = socket;
  socket = null;
  greeted = false;
  clearTimeout(watchdog);
  closing?.close(1000);
}

/** Connects now instead of after the wait: the network came back, or the page is visible again. */
export function hurry(): void {
  if (!wanted || socket) return;
  clearTimeout(timer);
  open();
}

/** Returns the milliseconds since the last frame of the server. */
export const quietMs = (): number => Date.now() - heardAt;

/** Expects a frame of the server soon, as a question follows: otherwise the connection is dead. */
export function prove(): void {
  // A second doubt does not put off the proof.
  if (isDoubtful) return;
  watch(PROOF_MS);
  isDoubtful = true;
}

/** Sends a frame; returns `false` without an open socket. */
export function tell(frame: ClientFrame): boolean {
  if (socket?.readyState !== WebSocket.OPEN || !(greeted || frame.type === 'hello')) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

/** Notes a greeted session: the next loss begins with the shortest wait. */
export function settled(): void {
  tries = 0;
  greeted = true;
}

function open(): void {
  const opening = new WebSocket(`${location.origin.replace(/^http/, 'ws')}/api/ws`, 'web-messenger.v1');
  socket = opening;
  watch(HANDSHAKE_MS);
  opening.onopen = () => onOpen.emit();
  opening.onmessage = ({ data }) => {
    heardAt = Date.now();
    watch(DEAD_MS);
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.type === 'ping') tell({ type: 'pong', data: {} });
    else onFrame.emit(frame);
  };
  opening.onclose = ({ code }) => {
    if (socket === opening) lost(code);
  };
}

/** Declares the connection dead after a silence of the server, whatever the browser reports. */
function watch(ms: number): void {
  clearTimeout(watchdog);
  isDoubtful = false;
  watchdog = setTimeout(drop, ms);
}

/** Drops the socket as lost: another one is opened after the wait. */
export function drop(): void {
  const dead = socket;
  if (!dead) return;
  lost(1006);
  dead.close();
}

function lost(code: number): void {
  socket = null;
  greeted = false;
  clearTimeout(watchdog);
  onClose.emit(code);
  if (!wanted) return;
  const wait = CROWD.has(code) ? spread() : OWN_FAULT.has(code) ? backoff(LONG_TRIES, USUAL) : backoff(tries);
  tries += 1;
  clearTimeout(timer);
  timer = setTimeout(open, wait);
}
