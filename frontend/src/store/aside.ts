/** Messages that are shown outside of their window: quoted from afar, edited, looked at. Events follow them there too. */
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

/** A message as it is now: of the window, or as it was put aside; `null` where neither has it (yet). */
export const shownMessage = (chatId: number, seq: number): MessageView | null =>
  findMessage(chatId, seq) ?? signalOf(chatId, seq).value;

/** Show a message outside of its window; what an event told meanwhile stays. */
export function putAside(message: MessageView): void {
  const kept = signalOf(message.chat_id, message.seq);
  kept.value = newer(kept.peek(), message);
}

/** A message changed: whoever asked for it hears of it, also while it is still being fetched. */
function followAside(message: MessageView): void {
  if (aside.get(message.chat_id)?.has(message.seq)) putAside(message);
}

/** Nothing of it can be trusted any more, or the chat was left; what is on screen asks anew. */
export function dropAside(chatId: number): void {
  for (const one of aside.get(chatId)?.values() ?? []) one.value = null;
  aside.delete(chatId);
}

export const events = {
  'message.edited': followAside,
  'message.deleted': followAside,
  'messages.deleted': ({ items }) => items.forEach(followAside),
} satisfies Events;
