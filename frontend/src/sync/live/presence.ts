/** Who is online and who is typing. */
import type { Told } from '../../api/types';
import { chat, setTyping } from '../../store/chats';
import { allIds } from '../../store/mine/list';
import { connection, phase } from '../../store/session';
import { computed, effect } from '../../store/signal';
import { putPresence } from '../../store/users';
import { ask } from '../line/frames';

const TYPING_MS = 6000;
/** The direct chats near the top of the list: the presence of their people is shown. */
const WATCHED_CHATS = 200;

export function typing({ chat_id, user_id }: Told['typing']): void {
  setTyping(chat_id, user_id, Date.now() + TYPING_MS);
  setTimeout(() => setTyping(chat_id, user_id, 0), TYPING_MS + 50);
}

/** Subscribes to the presence of the people who are shown. */
async function watch(ids: readonly number[]): Promise<void> {
  const { items } = await ask('presence.watch', { user_ids: ids });
  putPresence(items);
}

export function start(): void {
  // Compared as text: the same people in another order need no new question.
  const peers = computed(() => {
    const ids = allIds.value.slice(0, WATCHED_CHATS).flatMap((id) => chat(id)?.peer?.id ?? []);
    return ids.sort((a, b) => a - b).join();
  });
  effect(() => {
    if (connection.value !== 'online' || phase.value !== 'in') return;
    watch(peers.value ? peers.value.split(',').map(Number) : []).catch(() => {});
  });
}
