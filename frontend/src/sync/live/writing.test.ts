/** Drafts and edits of several tabs of one browser. */
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { UserRead } from '../../api/types';

beforeEach(() => {
  vi.stubGlobal('navigator', { language: 'en' });
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
});

afterEach(() => vi.unstubAllGlobals());

/** Opens a tab: modules of its own, the browser's storage and channels shared with the other tabs. */
async function tab(account: number) {
  vi.resetModules();
  const [writing, drafts, edits, session, cache] = await Promise.all([
    import('./writing'),
    import('../../store/drafts'),
    import('../../store/mine/edits'),
    import('../../store/session'),
    import('../cache'),
  ]);
  session.me.value = { id: account } as UserRead;
  session.phase.value = 'in';
  writing.start();
  return { ...drafts, ...edits, ...session, ...cache };
}

const draft = (text: string) => ({ text, replyTo: null, mentions: [] });

it('shows what one tab types in the others, until it is sent; another account hears nothing', async () => {
  const [one, other, stranger] = [await tab(1), await tab(1), await tab(2)];
  one.setDraft(7, draft('half a'));
  await vi.waitFor(() => expect(other.drafts.value.get(7)?.text).toBe('half a'));
  other.setDraft(7, draft('half a sentence'));
  await vi.waitFor(() => expect(one.drafts.value.get(7)?.text).toBe('half a sentence'));
  one.putEdit({ chatId: 7, seq: 1, rev: 1, from: 'a', text: 'b', mentions: [], isOpen: true });
  await vi.waitFor(() => expect(other.openEdit(7)?.text).toBe('b'));
  one.setDraft(7, undefined);
  await vi.waitFor(() => expect(other.drafts.value.size).toBe(0));
  expect(stranger.drafts.value.size).toBe(0);
  expect((await one.readWords())?.edits.get('7/1')?.text).toBe('b');
});

it('shows what another tab types while this one is loading', async () => {
  const [one, other] = [await tab(1), await tab(1)];
  other.phase.value = 'booting';
  const heard: unknown[] = [];
  const ear = new BroadcastChannel('drafts');
  ear.onmessage = ({ data }) => heard.push(data);
  one.setDraft(7, draft('meanwhile'));
  one.setDraft(9, draft('and here'));
  await vi.waitFor(() => expect(heard).toHaveLength(2));
  ear.close();
  other.drafts.value = new Map([[7, draft('read before')]]);
  expect(other.drafts.value.size).toBe(1);
  other.phase.value = 'in';
  expect([7, 9].map((chat) => other.drafts.value.get(chat)?.text)).toEqual(['meanwhile', 'and here']);
  other.setDraft(7, undefined);
  await vi.waitFor(() => expect(one.drafts.value.has(7)).toBe(false));
});

it('keeps what is written when the session ends', async () => {
  const one = await tab(1);
  one.setDraft(8, draft('unsent'));
  one.phase.value = 'out';
  one.drafts.value = new Map();
  await vi.waitFor(async () => expect((await one.readWords())?.drafts.get(8)?.text).toBe('unsent'));
});
