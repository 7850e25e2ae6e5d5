/** What was begun and not sent, per chat. */
import { signal } from './signal';

export interface Draft {
  text: string;
  replyTo: number | null;
  mentions: readonly (readonly [string, number])[];
}

export const drafts = signal<ReadonlyMap<number, Draft>>(new Map());

export function setDraft(chatId: number, draft: Draft | null): void {
  const next = new Map(drafts.value);
  if (draft && (draft.text || draft.replyTo)) next.set(chatId, draft);
  else next.delete(chatId);
  drafts.value = next;
}
