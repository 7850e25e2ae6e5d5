/** Edits that are not saved, kept like drafts: one for each message, the open one in the composer of its chat. */
import type { MessageView } from '../../api/types';
import { type Mention, mentionsOf } from '../../lib/mentions';
import { placeOf } from '../messages';
import { signal } from '../signal';
import type { Events } from '../slice';

export interface Edit {
  chatId: number;
  seq: number;
  /** The state of the message that the edit began from, or that its author has seen since. */
  rev: number;
  from: string;
  text: string;
  mentions: readonly Mention[];
  /** Says whether the composer of the chat shows it. */
  isOpen: boolean;
}

/** By the place of their messages. */
export const edits = signal<ReadonlyMap<string, Edit>>(new Map());

export const openEdit = (chatId: number): Edit | undefined =>
  [...edits.value.values()].find((one) => one.chatId === chatId && one.isOpen);

const keyOf = ({ chatId, seq }: Edit): string => placeOf({ chat_id: chatId, seq });

export function putEdit(edit: Edit): void {
  edits.value = new Map(edits.value).set(keyOf(edit), edit);
}

/** Opens the edit of a message, with the words of an earlier one that was not saved; another one of the chat closes. */
export function beginEdit(message: MessageView): void {
  const { chat_id: chatId, seq, rev, text } = message;
  const other = openEdit(chatId);
  if (other && other.seq !== seq) closeEdit(other);
  const kept = edits.value.get(placeOf(message));
  const anew = { chatId, seq, rev, from: text, text, mentions: mentionsOf(text, message.entities ?? []) };
  putEdit({ ...(kept ?? anew), isOpen: true });
}

/** Closes an edit; returns whether it is kept, as its words differ from those that it began from. */
export function closeEdit(edit: Edit): boolean {
  const isKept = edit.text !== edit.from;
  if (isKept) putEdit({ ...edit, isOpen: false });
  else drop(keyOf(edit));
  return isKept;
}

export const dropEdit = (edit: Edit): void => drop(keyOf(edit));

/** Ends an edit whose words were saved; words that were typed since then go on from there. */
export function saved(edit: Edit, rev: number): void {
  const now = edits.value.get(keyOf(edit));
  if (now && now.text !== edit.text) putEdit({ ...now, rev: Math.max(now.rev, rev), from: edit.text });
  else drop(keyOf(edit));
}

/** Says whether the message has words by now that neither the edit began from nor its author has written. */
export const clashes = (edit: Edit, message: MessageView): boolean =>
  message.rev > edit.rev && message.text !== edit.from && message.text !== edit.text;

/** Returns the edit as it is shown: one whose words were not touched yet follows the message. */
export const shownEdit = (edit: Edit, message: MessageView | null): Edit =>
  message && edit.text === edit.from && clashes(edit, message) ? taken(edit, message) : edit;

/** Returns the edit after its author has seen the other words of the message. */
export const onto = (edit: Edit, { rev, text }: MessageView): Edit => ({ ...edit, rev, from: text });

/** Returns the edit with the other words of the message in place of its own. */
export const taken = (edit: Edit, message: MessageView): Edit => ({
  ...onto(edit, message),
  text: message.text,
  mentions: mentionsOf(message.text, message.entities ?? []),
});

function drop(key: string): void {
  if (!edits.value.has(key)) return;
  const next = new Map(edits.value);
  next.delete(key);
  edits.value = next;
}

export const events = {
  'message.deleted': (message) => drop(placeOf(message)),
  'messages.deleted': ({ items }) => {
    for (const one of items) drop(placeOf(one));
  },
} satisfies Events;
