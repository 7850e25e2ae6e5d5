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

/** Take back what was not sent: it stands before what was begun meanwhile. */
export function takeBack(chatId: number, { text, replyTo, mentions }: Draft): void {
  const begun = drafts.value.get(chatId) ?? { text: '', replyTo: null, mentions: [] };
  const before = begun.text ? `${text}\n` : text;
  const after = begun.mentions.map((one) => ({ ...one, at: one.at + before.length }));
  setDraft(chatId, {
    text: before + begun.text,
    replyTo: replyTo ?? begun.replyTo,
    mentions: [...mentions, ...after],
  });
}

export function setDraft(chatId: number, draft: Draft | null): void {
  const next = new Map(drafts.value);
  if (draft && (draft.text || draft.replyTo)) next.set(chatId, draft);
  else next.delete(chatId);
  drafts.value = next;
}
