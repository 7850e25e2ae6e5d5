/** Which tab leads where the browser forbids what tabs need to find each other. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

beforeEach(() => {
  vi.resetModules();
  vi.stubGlobal('document', { visibilityState: 'visible', addEventListener: () => {} });
  vi.stubGlobal('addEventListener', () => {});
});

afterEach(() => vi.unstubAllGlobals());

const forbidden = (): never => {
  throw new DOMException('storage is forbidden', 'SecurityError');
};

it.each([
  ['locks', { request: async () => forbidden() }, BroadcastChannel],
  [
    'channels',
    { request: () => new Promise(() => {}) },
    class {
      constructor() {
        forbidden();
      }
    },
  ],
])('a tab leads where %s are forbidden', async (_, locks, channels) => {
  vi.stubGlobal('navigator', { language: 'en', locks });
  vi.stubGlobal('BroadcastChannel', channels);
  const tabs = await import('./tabs');
  tabs.start();
  tabs.join();
  await vi.waitFor(() => expect(tabs.leads()).toBe(true));
});

it('runs what needs a lock where locks are forbidden, and once where the work itself fails', async () => {
  vi.stubGlobal('navigator', { language: 'en', locks: { request: async () => forbidden() } });
  const { locked } = await import('../../lib/browser');
  expect(await locked('renew', async () => 'done')).toBe('done');
  const request = async (__: string, held: () => Promise<unknown>) => held();
  vi.stubGlobal('navigator', { language: 'en', locks: { request } });
  const run = vi.fn(async () => {
    throw new Error('refused');
  });
  await expect(locked('renew', run)).rejects.toThrow('refused');
  expect(run).toHaveBeenCalledTimes(1);
});
