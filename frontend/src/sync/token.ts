/** The access token: in memory only; renewed by the cookie, once for all tabs. */
import { request, useTokens } from '../api/http';
import { Problem } from '../api/problem';
import type { Tokens } from '../api/types';
import { locked } from '../lib/browser';
import { emitter } from '../lib/emitter';

let token: string | null = null;
let expiresAt = 0;
const shared = 'BroadcastChannel' in globalThis ? new BroadcastChannel('token') : null;

/** A new access token is here. */
export const onToken = emitter<string>();

interface Shared {
  token: string;
  expiresAt: number;
}

export const accessToken = (): string | null => token;
/** Milliseconds until the access token ends. */
export const tokenLeft = (): number => expiresAt - Date.now();

shared?.addEventListener('message', ({ data }: MessageEvent<Shared>) => take(data.token, data.expiresAt));

/** A tab that joins gets the token of the leading one. */
export function shareToken(): void {
  if (token) shared?.postMessage({ token, expiresAt } satisfies Shared);
}

function take(next: string, until: number): void {
  if (until <= expiresAt) return;
  token = next;
  expiresAt = until;
  onToken.emit(next);
}

/** Take the tokens of a sign-in and tell the other tabs. */
export function takeTokens(tokens: Tokens): void {
  token = null;
  expiresAt = 0;
  take(tokens.access_token, Date.now() + tokens.expires_in * 1000);
  shareToken();
}

export function dropToken(): void {
  token = null;
  expiresAt = 0;
}

let renewing: Promise<Tokens | null> | null = null;

/** Exchange the cookie for new tokens; `null` when the session is over. Throws `Problem` when nobody answered. */
export function renew(): Promise<Tokens | null> {
  renewing ??= locked('renew', exchange).finally(() => {
    renewing = null;
  });
  return renewing;
}

async function exchange(): Promise<Tokens | null> {
  try {
    const tokens = await request<Tokens>('POST', '/auth/refresh', { body: {} });
    takeTokens(tokens);
    return tokens;
  } catch (error) {
    if (error instanceof Problem && (error.status === 401 || error.status === 403)) return null;
    throw error;
  }
}

useTokens({
  current: accessToken,
  renew: async () => {
    const before = token;
    dropToken();
    const tokens = await renew().catch(() => null);
    return tokens?.access_token ?? (token === before ? null : token);
  },
});
