/** Who is online and who is typing. */
import type { Told } from '../../api/types';
import { chat, setTyping, typing as typingNow } from '../../store/chats';
import { allIds } from '../../store/mine/list';
import { connection, phase } from '../../store/session';
import { computed, effect, signal } from '../../store/signal';
import { putPresence } from '../../store/users';
import { ask } from '../line/frames';

const TYPING_MS = 6000;
/** The most people whose presence is watched: those of open dialogs, then those of direct chats near the top. */
const WATCHED_MAX = 200;

/** The people of open dialogs and panels. */
const shown = signal<readonly (readonly number[])[]>([]);

/** Subscribes to the presence of more people than those of the list, until the returned function is called. */
export function watchPeople(ids: readonly number[]): () => void {
  shown.value = [...shown.value, ids];
  return () => {
    shown.value = shown.value.filter((one) => one !== ids);
  };
}

export function typing({ chat_id, user_id, kind }: Told['typing']): void {
  const doing = { kind };
  setTyping(chat_id, user_id, doing);
  setTimeout(() => {
    // A later frame has its own end.
    if (typingNow.value.get(chat_id)?.get(user_id) === doing) setTyping(chat_id, user_id, null);
  }, TYPING_MS);
}

/** Subscribes to the presence of the people who are shown. */
async function watch(ids: readonly number[]): Promise<void> {
  const { items } = await ask('presence.watch', { user_ids: ids });
  putPresence(items);
}

export function start(): void {
  // Compared as text: the same people in another order need no new question.
  const people = computed(() => {
    const peers = allIds.value.slice(0, WATCHED_MAX).flatMap((id) => chat(id)?.peer?.id ?? []);
    const ids = [...new Set([...shown.value.flat(), ...peers])].slice(0, WATCHED_MAX);
    return ids.sort((a, b) => a - b).join();
  });
  effect(() => {
    if (connection.value !== 'online' || phase.value !== 'in') return;
    watch(people.value ? people.value.split(',').map(Number) : []).catch(() => {});
  });
}
