/** My words that only this browser has. */
import { type Draft, drafts } from '../drafts';
import { pending } from '../messages';
import type { Item } from '../outbox';
import { computed } from '../signal';
import { type Edit, edits } from './edits';
import { trays } from './tray';
import { recorded } from './voice';

interface Words {
  drafts: ReadonlyMap<number, Draft>;
  edits: ReadonlyMap<string, Edit>;
  /** Requests, of which messages are words. */
  items: readonly Pick<Item, 'verb'>[];
}

/** Returns the number of unsent messages, begun drafts, and edits that are not saved. */
export function countUnsent(words: Words): number {
  const begun = [...words.drafts.values()].filter(({ text, later }) => text.trim() || later);
  const changed = [...words.edits.values()].filter(({ text, from }) => text !== from);
  return words.items.filter(({ verb }) => verb === 'message.send').length + begun.length + changed.length;
}

/** Counts what was written, each tray of chosen files, and each chat with a recording. */
export const unsent = computed(
  () =>
    countUnsent({ drafts: drafts.value, edits: edits.value, items: pending.value }) +
    trays.value.size +
    recorded.value.size,
);
