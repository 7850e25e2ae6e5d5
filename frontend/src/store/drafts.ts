/** Drafts of each chat. */
import type { Mention } from '../lib/mentions';
import { signal } from './signal';

export interface Draft {
  text: string;
  replyTo: number | null;
  /** The people chosen by completion; a name typed by hand is looked up when the message is sent. */
  mentions: readonly Mention[];
  /** The draft that follows this one: a message that was taken back and a begun one may answer different messages. */
  later?: Draft;
}

export const drafts = signal<ReadonlyMap<number, Draft>>(new Map());

/** Puts an unsent message back before the current draft, or in front of one that answers another message. */
export function takeBack(chatId: number, { text, replyTo, mentions }: Draft): void {
  const begun: Draft = drafts.value.get(chatId) ?? { text: '', replyTo: null, mentions: [] };
  if (replyTo && begun.replyTo && replyTo !== begun.replyTo) {
    setDraft(chatId, { text, replyTo, mentions, later: begun });
    return;
  }
  const before = begun.text ? `${text}\n` : text;
  const after = begun.mentions.map((one) => ({ ...one, at: one.at + before.length }));
  setDraft(chatId, {
    ...begun,
    text: before + begun.text,
    replyTo: replyTo ?? begun.replyTo,
    mentions: [...mentions, ...after],
  });
}

/** Sets the draft of a chat; after an empty one the following draft comes up. */
export function setDraft(chatId: number, draft: Draft | undefined): void {
  const next = new Map(drafts.value);
  const shown = draft && (draft.text || draft.replyTo) ? draft : draft?.later;
  if (shown) next.set(chatId, shown);
  else next.delete(chatId);
  drafts.value = next;
}
