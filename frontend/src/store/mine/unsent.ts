/** My words that only this browser has. */
import { drafts } from '../drafts';
import { pending } from '../messages';
import { computed } from '../signal';
import { edits } from './edits';

/** The number of unsent messages, begun drafts, and edits that are not saved. */
export const unsent = computed(() => {
  const begun = [...drafts.value.values()].filter(({ text, later }) => text.trim() || later);
  const changed = [...edits.value.values()].filter(({ text, from }) => text !== from);
  return pending.value.length + begun.length + changed.length;
});
