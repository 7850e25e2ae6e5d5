/** Messages that are shown outside of their window: distant quotes, edits, details. Events update them too. */
import type { MessageView } from '../api/types';
import { findMessage, newer } from './messages';
import { type Signal, signal } from './signal';
import type { Events } from './slice';

const aside = new Map<number, Map<number, Signal<MessageView | null>>>();

function signalOf(chatId: number, seq: number): Signal<MessageView | null> {
  const ofChat = aside.get(chatId) ?? new Map<number, Signal<MessageView | null>>();
  aside.set(chatId, ofChat);
  const found = ofChat.get(seq) ?? signal<MessageView | null>(null);
  ofChat.set(seq, found);
  return found;
}

/** Returns the current state of a message: of its window, or kept aside; `null` if neither has it (yet). */
export const shownMessage = (chatId: number, seq: number): MessageView | null =>
  findMessage(chatId, seq) ?? signalOf(chatId, seq).value;

/** Shows a message outside of its window; newer state from an event stays. */
export function putAside(message: MessageView): void {
  const kept = signalOf(message.chat_id, message.seq);
  kept.value = newer(kept.peek(), message);
}

/** Updates a changed message for its viewers, also while it is being loaded. */
function followAside(message: MessageView): void {
  if (aside.get(message.chat_id)?.has(message.seq)) putAside(message);
}

/** Drops the messages of a chat that was loaded anew or left; visible ones are loaded again. */
export function dropAside(chatId: number): void {
  for (const one of aside.get(chatId)?.values() ?? []) one.value = null;
  aside.delete(chatId);
}

export const events = {
  'message.edited': followAside,
  'message.deleted': followAside,
  'messages.deleted': ({ items }) => items.forEach(followAside),
} satisfies Events;
