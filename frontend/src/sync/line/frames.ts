/** Questions to the server: a frame with a `ref`, and the promise of its `ack`; each tab has its own refs. */
import { Problem } from '../../api/problem';
import type { ClientFrame, FrameVerbs, Given, ServerFrame } from '../../api/types';
import { prove } from './socket';
import { leads, tab, tell } from './tabs';
import { accessToken } from './token';

const ANSWER_MS = 15_000;
/** The line of a question without an answer has to prove itself after so many ms, and is dead after as many again. */
const DOUBT_MS = 5000;

interface Waiting {
  resolve(data: unknown): void;
  reject(error: Problem): void;
  timers: readonly ReturnType<typeof setTimeout>[];
}

const waiting = new Map<string, Waiting>();
let last = 0;

/** Sends a frame and returns the data of its ack. Throws `Problem`; `status` 0: the outcome is unknown. */
export function ask<V extends keyof FrameVerbs>(
  type: V,
  data: Given<FrameVerbs[V]['data']>,
): Promise<FrameVerbs[V]['ack']> {
  last += 1;
  const ref = `${tab}-${last}`;
  return new Promise((resolve, reject) => {
    const timers = [setTimeout(doubt, DOUBT_MS), setTimeout(() => finish(ref)?.reject(new Problem({})), ANSWER_MS)];
    waiting.set(ref, { resolve: resolve as (data: unknown) => void, reject, timers });
    if (!tell({ type, ref, data } as ClientFrame)) finish(ref)?.reject(new Problem({}));
  });
}

/** Asks what the server answers at once, however slow the work before it is: silence means a dead line. */
function doubt(): void {
  // The leading tab sends the messages, and only it has the socket.
  if (!leads()) return;
  tell({ type: 'auth', ref: `${tab}-proof`, data: { token: accessToken() ?? '' } });
  prove();
}

/** Handles an `ack` or `error`; returns `false` if no question waits for it. */
export function answered(frame: ServerFrame): boolean {
  const one = frame.ref ? finish(frame.ref) : undefined;
  if (!one) return false;
  if (frame.type === 'ack') one.resolve(frame.data);
  else one.reject(new Problem(frame.data as Record<string, unknown>));
  return true;
}

/** Rejects all pending questions after the loss of the socket: their outcome is unknown. */
export function abandon(): void {
  for (const ref of [...waiting.keys()]) finish(ref)?.reject(new Problem({}));
}

function finish(ref: string): Waiting | undefined {
  const one = waiting.get(ref);
  waiting.delete(ref);
  for (const timer of one?.timers ?? []) clearTimeout(timer);
  return one;
}
