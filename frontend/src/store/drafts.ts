/** Drafts of each chat. */
import type { Mention } from '../lib/mentions';
import { signal } from './signal';

export interface Draft {
  text: string;
  replyTo: number | null;
  /** The people chosen by completion; a name typed by hand is looked up when the message is sent. */
  mentions: readonly Mention[];
}

export const drafts = signal<ReadonlyMap<number, Draft>>(new Map());

/** Puts an unsent message back before the current draft. */
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
