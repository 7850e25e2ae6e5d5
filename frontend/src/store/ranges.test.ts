/** Loaded pages and the messages whose answers were lost: none is on screen twice. */
import { afterEach, expect, it } from 'vitest';
import type { MessageView } from '../api/types';
import { pendingOf, type Window, windowOf } from './messages';
import { outbox, putItem } from './outbox';
import { dropRanges, showRange } from './ranges';
import { effect } from './signal';

const page: Window = {
  items: [{ chat_id: 7, seq: 1, rev: 1, text: 'said', client_msg_id: 'a' } as unknown as MessageView],
  hasBefore: false,
  hasAfter: false,
};

afterEach(() => {
  outbox.value = [];
  dropRanges(7, null);
});

it.each([
  ['a loaded page', () => showRange(7, page)],
  ['a chat that is loaded anew', () => dropRanges(7, page)],
])('%s finishes the messages that it holds, in one step', (_, show) => {
  const asked = { at: '', state: 'queued', reason: '', line: 7, verb: 'message.send' } as const;
  for (const [order, cmid] of ['a', 'b'].entries())
    putItem({ ...asked, cmid, order, data: { chat_id: 7, client_msg_id: cmid, text: 'said' } });
  const bubbles: number[] = [];
  const stop = effect(() => {
    bubbles.push(pendingOf(7).length + (windowOf(7).value?.items.length ?? 0));
  });
  show();
  stop();
  expect(bubbles).toEqual([2, 2]);
  expect(pendingOf(7).map((one) => one.cmid)).toEqual(['b']);
});
