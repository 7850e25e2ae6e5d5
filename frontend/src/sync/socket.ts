/** The socket: connects, answers pings, notices a dead line, comes back. Says frames and state, nothing more. */
import type { ServerFrame } from '../api/types';
import { backoff } from '../lib/backoff';
import { emitter } from '../lib/emitter';

const DEAD_MS = 60_000;
const HANDSHAKE_MS = 10_000;
/** Close codes after which coming back is useless without doing something first. */
export const REVOKED = 4403;
export const UNAUTHENTICATED = 4401;

export const onFrame = emitter<ServerFrame>();
export const onOpen = emitter<void>();
export const onClose = emitter<number>();

let socket: WebSocket | null = null;
let wanted = false;
let tries = 0;
let greeted = false;
let timer: ReturnType<typeof setTimeout> | undefined;
let watchdog: ReturnType<typeof setTimeout> | undefined;

/** Whether the session on the socket is greeted: only then it takes frames other than `hello`. */
export const isOpen = (): boolean => greeted && socket?.readyState === WebSocket.OPEN;

/** Connect, and stay connected until `disconnect`. */
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

/** Try now instead of after the wait: the network came back, or somebody looks at the page again. */
export function hurry(): void {
  if (!wanted || socket) return;
  clearTimeout(timer);
  open();
}

/** Send a frame; `false` when there is no open socket. */
export function tell(frame: { type: string; ref?: string; data: unknown }): boolean {
  if (socket?.readyState !== WebSocket.OPEN || !(greeted || frame.type === 'hello')) return false;
  socket.send(JSON.stringify(frame));
  return true;
}

/** The session is greeted: the next loss begins with the shortest wait. */
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
    watch(DEAD_MS);
    const frame = JSON.parse(data) as ServerFrame;
    if (frame.type === 'ping') tell({ type: 'pong', data: {} });
    else onFrame.emit(frame);
  };
  opening.onclose = ({ code }) => {
    if (socket === opening) lost(code);
  };
}

/** Without a word from the server for this long the line is dead, whatever the browser believes. */
function watch(ms: number): void {
  clearTimeout(watchdog);
  watchdog = setTimeout(() => {
    const dead = socket;
    if (!dead) return;
    lost(1006);
    dead.close();
  }, ms);
}

function lost(code: number): void {
  socket = null;
  greeted = false;
  clearTimeout(watchdog);
  onClose.emit(code);
  if (!wanted) return;
  const wait = code === 1012 ? Math.random() * 3000 : backoff(tries);
  tries += 1;
  clearTimeout(timer);
  timer = setTimeout(open, wait);
}
