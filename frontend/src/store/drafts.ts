/** What was begun and not sent, per chat. */
import type { Mention } from '../lib/mentions';
import { signal } from './signal';

export interface Draft {
  text: string;
  replyTo: number | null;
  /** Those who were completed; a name that was typed by hand is looked up when the message is sent. */
  mentions: readonly Mention[];
}

export const drafts = signal<ReadonlyMap<number, Draft>>(new Map());

export function setDraft(chatId: number, draft: Draft | null): void {
  const next = new Map(drafts.value);
  if (draft && (draft.text || draft.replyTo)) next.set(chatId, draft);
  else next.delete(chatId);
  drafts.value = next;
}
