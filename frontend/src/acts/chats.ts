/** Actions that move from chat to chat. */
import { t } from '../i18n';
import { allChats, chat } from '../store/chats';
import { chatIds, isUnread } from '../store/mine/list';
import { markAsRead } from '../sync';
import { toast } from '../ui/Toast';
import type { Act, Context } from './act';

/** Returns the chat `step` rows below (above when negative) in the list; only a search for unread ones wraps around. */
export function neighbour(
  ids: readonly number[],
  from: number | null,
  step: 1 | -1,
  isMeant?: (id: number) => boolean,
) {
  const start = from === null ? (step > 0 ? -1 : ids.length) : ids.indexOf(from);
  if (!isMeant) return ids[Math.max(0, Math.min(ids.length - 1, start + step))];
  for (let away = 1; away <= ids.length; away += 1) {
    const id = ids[(start + step * away + ids.length * 2) % ids.length];
    if (id !== undefined && id !== from && isMeant(id)) return id;
  }
  return undefined;
}

const asks = (id: number): boolean => {
  const view = chat(id);
  return view !== undefined && isUnread(view);
};

const walk =
  (step: 1 | -1, isMeant?: (id: number) => boolean) =>
  ({ chatId, open }: Context): void => {
    const next = neighbour(chatIds.value, chatId, step, isMeant);
    if (next) open({ kind: 'chat', chatId: next });
  };

function markAllRead(): void {
  const unread = allChats().filter(isUnread);
  for (const { id } of unread) markAsRead(id);
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
    run: walk(1, asks),
  },
  {
    id: 'previous-unread',
    on: 'page',
    label: () => t().keyPreviousUnread,
    icon: 'up',
    chord: { ...up, shift: true },
    run: walk(-1, asks),
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
