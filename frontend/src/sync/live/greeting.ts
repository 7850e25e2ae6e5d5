/** Greets the server on every new socket: who is here, and up to where this device holds each stream. */
import type { Told } from '../../api/types';
import { lang } from '../../i18n';
import { phase } from '../../store/session';
import { type Cursors, sealed } from '../engine';
import { abandon, ask } from '../line/frames';
import * as poll from '../line/poll';
import * as socket from '../line/socket';
import { leads } from '../line/tabs';
import { accessToken, dropToken, onOver, onToken, renew, tokenLeft } from '../line/token';
import { retryAll } from '../outbox';
import { isReloading } from '../reload';
import { engine } from '../streams';
import { connected, connecting, tellLine } from './line';
import { startPolling } from './polling';
import { resume, resumeAll } from './resuming';

const RENEW_BEFORE_MS = 60_000;
/** So many sockets that were lost before a greeting: perhaps a network on the way lets none through. */
const POLL_AFTER = 3;

let ungreeted = 0;
/** Cursors that did not fit into the `hello` under way. */
let beyondHello: Cursors[] = [];
/** Whether that `hello` could not name streams that were being loaded anew: their snapshots may be older than the line. */
let helloLacks = false;

async function greet(): Promise<void> {
  if (tokenLeft() < RENEW_BEFORE_MS && !(await renewed())) return;
  const [first, ...rest] = engine.portions();
  beyondHello = rest;
  helloLacks = isReloading();
  const data = { token: accessToken() ?? undefined, language: lang.value, ...first };
  socket.tell({ type: 'hello', ref: 'hello', data });
}

/** A valid token before anything else; without a session the page signs out. */
export async function renewed(): Promise<boolean> {
  try {
    if (await renew()) return true;
    onOver.emit();
  } catch {
    // No answer: the socket is given up, and comes back as any other that was lost.
    socket.drop();
  }
  return false;
}

/** The server took the greeting. */
export function ready({ epoch, streams, seals }: Told['ready']): void {
  ungreeted = 0;
  poll.stop();
  socket.settled();
  connected();
  tellLine();
  if (!engine.cursors().epoch) {
    const named = Object.entries(streams).map(([topic, ev]) => [topic, sealed(ev, seals[topic])] as const);
    engine.start({ epoch, streams: Object.fromEntries(named) });
  }
  if (helloLacks) void resumeAll();
}

/** What was missed of the streams in the greeting is here. */
export function resumed(): void {
  void resume(beyondHello.splice(0));
  retryAll();
}

function lost(code: number): void {
  abandon();
  tellLine();
  ungreeted += 1;
  if (phase.value === 'in' && !poll.isPolling()) connecting();
  if (phase.value === 'in' && ungreeted >= POLL_AFTER) startPolling();
  if (code === socket.REVOKED) onOver.emit();
  if (code === socket.UNAUTHENTICATED) dropToken();
}

export function start(): void {
  socket.onOpen(greet);
  socket.onClose(lost);
  onToken((token) => {
    if (leads() && socket.isOpen()) void ask('auth', { token }).catch(() => {});
  });
}
