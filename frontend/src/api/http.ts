/** Requests: bearer token, one renewal after it has expired, errors as `Problem`. */
import { noteServerDate } from '../lib/clock';
import type { Answer, Method, Path, Taken } from './doors';
import { Problem } from './problem';

const TIMEOUT_MS = 20_000;

/**
 * The paths that give tokens; signing out needs a token, or the session would go on behind a page that says it ended.
 */
const SIGNING_IN = /^\/auth\/(?!logout)/;
/** The paths that need no session. */
const PUBLIC = /^\/(auth\/(?!logout)|server|invites)\b/;

/** The source of access tokens; `renew` returns another token than the expired one, or `null`. */
export interface TokenSource {
  current(): string | null;
  renew(ended: string | null): Promise<string | null>;
}

let source: TokenSource = { current: () => null, renew: async () => null };

export function useTokens(tokens: TokenSource): void {
  source = tokens;
}

export interface Options<B = unknown> {
  body?: B;
  query?: Record<string, string | number | undefined>;
  headers?: Record<string, string>;
  /** Lets the request finish although the page is closed. */
  keepalive?: boolean;
}

/** Sends a request under /api and returns the JSON of the answer, typed by the contract. Throws `Problem`. */
export async function request<P extends Path, M extends Method<P>>(
  method: M,
  path: P,
  options: Options<Taken<P, M>> = {},
): Promise<Answer<P, M>> {
  return (await authorized(path, (token) => once(method, path, options, token))) as Answer<P, M>;
}

/** Runs a request with the token, and once more with a new one if the token has expired. */
export async function authorized<T>(path: string, run: (token: string | null) => Promise<T>): Promise<T> {
  const token = source.current() ?? (PUBLIC.test(path) ? null : await source.renew(null));
  try {
    return await run(token);
  } catch (error) {
    const isEnded = error instanceof Problem && (error.code === 'auth.token_invalid' || error.code === 'auth.required');
    if (!isEnded || SIGNING_IN.test(path)) throw error;
    const renewed = await source.renew(token);
    if (!renewed) throw error;
    return run(renewed);
  }
}

export function headersFor(token: string | null): Record<string, string> {
  const headers = { 'accept-language': document.documentElement.lang, 'x-client': 'web' };
  return token ? { ...headers, authorization: `Bearer ${token}` } : headers;
}

async function once(method: string, path: string, options: Options, token: string | null): Promise<unknown> {
  const headers = { ...headersFor(token), ...options.headers };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
  if (options.keepalive) init.keepalive = true;
  if (options.body !== undefined) init.body = JSON.stringify(options.body);
  let response: Response;
  try {
    response = await fetch(`/api${path}${queryOf(options.query)}`, init);
  } catch {
    throw new Problem({});
  }
  noteServerDate(response.headers.get('date'));
  if (response.status === 204) return undefined;
  const json = await response.json().catch(() => ({ status: response.status }));
  if (!response.ok) throw new Problem({ status: response.status, ...json });
  return json;
}

function queryOf(query: Options['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  return given.length ? `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}` : '';
}
