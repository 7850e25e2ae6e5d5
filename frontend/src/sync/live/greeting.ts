/** Greets the server on every new socket: the session, and the position of each stream on this device. */
import type { Told } from '../../api/types';
import { lang } from '../../i18n';
import { phase, sessionId } from '../../store/session';
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
/** The number of sockets lost before a greeting, after which the network probably blocks them. */
const POLL_AFTER = 3;

let ungreeted = 0;
/** Cursors that did not fit into the `hello` under way. */
let beyondHello: Cursors[] = [];
/**
 * Whether that `hello` could not name streams that were being loaded anew: their snapshots may be older than the
 * connection.
 */
let helloLacks = false;

async function greet(): Promise<void> {
  if (tokenLeft() < RENEW_BEFORE_MS && !(await renewed())) return;
  const [first, ...rest] = engine.portions();
  beyondHello = rest;
  helloLacks = isReloading();
  const data = { token: accessToken() ?? undefined, language: lang.value, ...first };
  socket.tell({ type: 'hello', ref: 'hello', data });
}

/** Renews the access token and returns whether that worked; after the end of the session the page signs out. */
export async function renewed(): Promise<boolean> {
  try {
    if (await renew()) return true;
    onOver.emit();
  } catch {
    // Without an answer the socket is dropped, and reopened like any other lost one.
    socket.drop();
  }
  return false;
}

/** Handles the server's answer to the greeting. */
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

/** Handles the end of the missed events of the greeted streams. */
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
  onToken(({ access_token: token, session_id }) => {
    // Every tab has the token, also one that was opened after the greeting.
    sessionId.value = session_id;
    if (leads() && socket.isOpen()) void ask('auth', { token }).catch(() => {});
  });
}
