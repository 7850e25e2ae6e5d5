/** Voice messages: which were listened to, and in which chats this browser keeps a recording that was not sent. */
import type { MessageView } from '../../api/types';
import { placeOf } from '../messages';
import { watchItems } from '../outbox';
import { myId } from '../session';
import { signal } from '../signal';

const asked = watchItems('voice.listen');

/** The chats with a recording of mine that was not sent. */
export const recorded = signal<ReadonlySet<number>>(new Set());

/** Notes that a chat has a recording that was not sent, or no longer has one. */
export function noteRecorded(chatId: number, isThere: boolean): void {
  const next = new Set(recorded.value);
  if (isThere) next.add(chatId);
  else next.delete(chatId);
  recorded.value = next;
}

/** Says whether a voice message was listened to: mine by another person, that of another by me. */
export function isHeard(message: MessageView): boolean {
  const by = message.parts?.listened?.by ?? [];
  if (message.sender_id === myId()) return by.length > 0;
  return by.includes(myId()) || asked.value.some((one) => placeOf(one.data) === placeOf(message));
}
