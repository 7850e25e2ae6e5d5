/** From chat to chat. */
import { t } from '../i18n';
import { chat, chatIds } from '../store/chats';
import { markRead } from '../sync';
import { toast } from '../ui/Toast';
import type { Act, Context } from './act';

/** The chat `step` rows below (above when negative) in the list; only unread ones go around its ends. */
export function neighbour(
  ids: readonly number[],
  from: number | null,
  step: 1 | -1,
  isUnread?: (id: number) => boolean,
) {
  const start = from === null ? (step > 0 ? -1 : ids.length) : ids.indexOf(from);
  if (!isUnread) return ids[Math.max(0, Math.min(ids.length - 1, start + step))];
  for (let away = 1; away <= ids.length; away += 1) {
    const id = ids[(start + step * away + ids.length * 2) % ids.length];
    if (id !== undefined && id !== from && isUnread(id)) return id;
  }
  return undefined;
}

const isUnread = (id: number): boolean => (chat(id)?.my.unread ?? 0) > 0;

const walk =
  (step: 1 | -1, isMeant?: (id: number) => boolean) =>
  ({ chatId, open }: Context): void => {
    const next = neighbour(chatIds.value, chatId, step, isMeant);
    if (next) open({ kind: 'chat', chatId: next });
  };

function markAllRead(): void {
  const unread = chatIds.value.filter(isUnread);
  for (const id of unread) markRead(id, chat(id)?.head_seq ?? 0);
  toast(unread.length ? t().allMarkedRead : t().nothingUnread);
}

const [up, down] = [
  { code: 'ArrowUp', alt: true },
  { code: 'ArrowDown', alt: true },
];

export const chatActs: readonly Act[] = [
  { id: 'next-chat', on: 'page', label: () => t().keyNextChat, icon: 'down', chord: down, run: walk(1) },
  { id: 'previous-chat', on: 'page', label: () => t().keyPreviousChat, icon: 'up', chord: up, run: walk(-1) },
  {
    id: 'next-unread',
    on: 'page',
    label: () => t().keyNextUnread,
    icon: 'down',
    chord: { ...down, shift: true },
    run: walk(1, isUnread),
  },
  {
    id: 'previous-unread',
    on: 'page',
    label: () => t().keyPreviousUnread,
    icon: 'up',
    chord: { ...up, shift: true },
    run: walk(-1, isUnread),
  },
  {
    id: 'mark-all-read',
    on: 'page',
    label: () => t().markAllRead,
    icon: 'read',
    chord: { code: 'Escape', shift: true },
    run: markAllRead,
  },
];
