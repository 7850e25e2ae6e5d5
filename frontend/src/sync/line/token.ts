/** The access token: in memory only; renewed by the cookie, once for all tabs. */
import { request, useTokens } from '../../api/http';
import { Problem } from '../../api/problem';
import type { Tokens } from '../../api/types';
import { sleep } from '../../lib/backoff';
import { betweenTabs, locked } from '../../lib/browser';
import { emitter } from '../../lib/emitter';
import { isEndedByOwner } from '../../store/session';

/** The lock is held for this long after a renewal: the other tabs receive the token before their turn. */
const HEARD_MS = 100;

let held: Tokens | null = null;
let expiresAt = 0;
let shared: BroadcastChannel | undefined;

/** A new access token. */
export const onToken = emitter<Tokens>();
/** The session has ended: there are no more tokens for it. */
export const onOver = emitter<void>();

/** The messages between tabs: a token, or (`null`) a request for one. */
type Shared = { tokens: Tokens; expiresAt: number } | null;

export const accessToken = (): string | null => held?.access_token ?? null;
/** Returns the milliseconds until the access token expires. */
export const tokenLeft = (): number => expiresAt - Date.now();

/** Listens to the other tabs, asks them for a token, and supplies requests with it. */
export function start(): void {
  useTokens({ current: accessToken, renew: renewed });
  shared = betweenTabs('token');
  shared?.addEventListener('message', ({ data }: MessageEvent<Shared>) => {
    if (data) take(data.tokens, data.expiresAt);
    else if (tokenLeft() > 0) shareToken();
  });
  shared?.postMessage(null satisfies Shared);
}

function shareToken(): void {
  if (held) shared?.postMessage({ tokens: held, expiresAt } satisfies Shared);
}

function take(next: Tokens, until: number): void {
  if (until <= expiresAt) return;
  held = next;
  expiresAt = until;
  isEndedByOwner.value = false;
  onToken.emit(next);
}

/** Stores the tokens of a sign-in and sends them to the other tabs. */
export function takeTokens(tokens: Tokens): void {
  held = null;
  expiresAt = 0;
  take(tokens, Date.now() + tokens.expires_in * 1000);
  shareToken();
}

export function dropToken(): void {
  held = null;
  expiresAt = 0;
}

let renewing: Promise<Tokens | null> | null = null;

/** Exchanges the cookie for new tokens; returns `null` if the session has ended. Throws `Problem` without an answer. */
export function renew(): Promise<Tokens | null> {
  const seen = expiresAt;
  renewing ??= new Promise<Tokens | null>((resolve, reject) => {
    const turn = async (): Promise<void> => {
      // Another tab may have renewed the token while this one waited for its turn.
      if (expiresAt > seen) return resolve(held);
      await exchange().then(resolve, reject);
      await sleep(HEARD_MS);
    };
    locked('renew', turn).catch(reject);
  }).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exchange(): Promise<Tokens | null> {
  try {
    const tokens = await request('POST', '/auth/refresh', { body: {} });
    takeTokens(tokens);
    return tokens;
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) {
      // The event of the end comes only to tabs that are connected.
      isEndedByOwner.value ||= error.reason === 'ended';
      return null;
    }
    throw error;
  }
}

/** Returns another token than the expired one, or `null`. */
async function renewed(ended: string | null): Promise<string | null> {
  if (accessToken() === ended) dropToken();
  return accessToken() ?? (await renew().catch(() => null))?.access_token ?? null;
}
