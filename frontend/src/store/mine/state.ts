/** The state of a member as this device shows it: the server's, with pending changes of the outbox over it. */
import type { ChatView, MemberState } from '../../api/types';
import { watchItems } from '../outbox';
import { computed } from '../signal';

const set = watchItems('mine.set');
const read = watchItems('receipt.read');

/** Pending changes by chat; of each field the last one. */
const asked = computed(() => {
  const all = new Map<number, Partial<MemberState>>();
  for (const { data } of set.value.toSorted((a, b) => a.order - b.order)) {
    const { chat_id, ...change } = data;
    all.set(chat_id, { ...all.get(chat_id), ...change });
  }
  return all;
});
const marks = computed(() => {
  const all = new Map<number, number>();
  for (const { data } of read.value) all.set(data.chat_id, Math.max(data.seq, all.get(data.chat_id) ?? 0));
  return all;
});

/** Returns how far I have read a chat, as this device knows it. */
export const readUpTo = ({ id, my }: ChatView): number => Math.max(my.read_seq, marks.value.get(id) ?? 0);

/** Returns my state in a chat. Its counts become 0 at once if all is read; otherwise they are the server's. */
export function mine(view: ChatView): MemberState {
  const change = asked.value.get(view.id);
  const my = change ? { ...view.my, ...change } : view.my;
  const isRead = my.unread_from === null && readUpTo(view) >= (view.head_seq ?? 0);
  return isRead && my.unread ? { ...my, unread: 0, mentions: 0 } : my;
}
