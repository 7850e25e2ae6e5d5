/** Steps from one mention of me to the next. */
import { t } from '../i18n';
import { chat } from '../store/chats';
import { mine, readUpTo } from '../store/mine/state';
import { unreadAfter } from '../store/unread';
import { mentionAfter } from '../sync';
import { toast, told } from '../ui/Toast';
import type { Act } from './act';

const NEXT = { code: 'KeyM', alt: true };

/** The mention that was shown last, by chat: the read mark rises only a moment later. */
const last = new Map<number, number>();

/** Returns the next unread mention after the one shown last, or the first one; `undefined` if there is none. */
async function next(chatId: number): Promise<number | undefined> {
  const view = chat(chatId);
  if (!view) return undefined;
  const from = unreadAfter({ ...mine(view), read_seq: readUpTo(view) });
  const after = last.get(chatId) ?? 0;
  const found = after > from ? await mentionAfter(chatId, after) : undefined;
  return found ?? (await mentionAfter(chatId, from));
}

/** Goes to the next unread message that mentions me. */
export async function goToMention(chatId: number, jump: (seq: number) => void): Promise<void> {
  const seq = await next(chatId);
  if (seq === undefined) return toast(t().noMentions);
  last.set(chatId, seq);
  jump(seq);
}

export const mentionActs: readonly Act[] = [
  {
    id: 'next-mention',
    on: 'page',
    label: () => t().keyNextMention,
    icon: 'mention',
    chord: NEXT,
    when: ({ chatId }) => chatId !== null,
    run: ({ chatId, open }) => {
      if (chatId) goToMention(chatId, (seq) => open({ kind: 'chat', chatId, seq })).catch(told);
    },
  },
];
