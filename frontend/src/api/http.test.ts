/** Requests: only endpoints of the contract, a token where one is needed, one more try after it has expired. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { t } from '../i18n';
import { request, useTokens } from './http';

const ID = Number(7);

let sent: string[];
let valid: string;

beforeEach(() => {
  [sent, valid] = [[], 'new'];
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', async (path: string, { headers }: { headers: Record<string, string> }) => {
    sent.push(`${path} ${headers.authorization ?? '-'}`);
    if (headers.authorization === `Bearer ${valid}` || path === '/api/server') return Response.json({ id: 7 });
    return Response.json({ status: 401, code: 'auth.token_invalid' }, { status: 401 });
  });
});

afterEach(() => vi.unstubAllGlobals());

it('gets a token first if there is none, but not for public endpoints', async () => {
  useTokens({ current: () => null, renew: async () => 'new' });
  await request('GET', '/server');
  await request('GET', `/chats/${ID}`);
  expect(sent).toEqual(['/api/server -', '/api/chats/7 Bearer new']);
});

it('tries once more with another token, and names the expired one', async () => {
  const renew = vi.fn(async () => 'new');
  useTokens({ current: () => 'old', renew });
  expect(await request('GET', `/chats/${ID}`)).toEqual({ id: 7 });
  expect(renew.mock.calls).toEqual([['old']]);
  valid = 'none';
  await expect(request('GET', `/chats/${ID}`)).rejects.toMatchObject({ status: 401 });
  expect(sent).toHaveLength(4);
});

it('signs out with a token, also just after the page was loaded or when the last one has ended', async () => {
  useTokens({ current: () => null, renew: async () => 'new' });
  await request('POST', '/auth/logout');
  useTokens({ current: () => 'old', renew: async () => 'new' });
  await request('POST', '/auth/logout');
  const sentLast = '/api/auth/logout Bearer new';
  expect(sent).toEqual([sentLast, '/api/auth/logout Bearer old', sentLast]);
});

it('has a text for answers without one: of a network, a proxy', async () => {
  useTokens({ current: () => 'new', renew: async () => null });
  const said = (): Promise<string> => request('GET', '/server').then(String, (error: Error) => error.message);
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('network')));
  expect(await said()).toBe(t().noNetwork);
  vi.stubGlobal('fetch', async () => new Response('<h1>Bad Gateway</h1>', { status: 502 }));
  expect(await said()).toBe(t().noNetwork);
  vi.stubGlobal('fetch', async () => new Response('<h1>Too large</h1>', { status: 413 }));
  expect(await said()).toBe(t().failed);
  vi.stubGlobal('fetch', async () => Response.json({ status: 404, detail: 'No such chat.' }, { status: 404 }));
  expect(await said()).toBe('No such chat.');
});

it('knows only the endpoints of the contract', async () => {
  useTokens({ current: () => 'new', renew: async () => null });
  // @ts-expect-error no such door
  await request('GET', `/chats/${ID}/mesages`);
  // @ts-expect-error a chat is not replaced
  await request('PUT', `/chats/${ID}`);
  // @ts-expect-error the answer is a chat, not a text
  const chat: string = await request('GET', `/chats/${ID}`);
  expect(chat).toEqual({ id: 7 });
});
