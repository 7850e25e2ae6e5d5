/** The lists of a chat's gallery, newest first: pages of the server, and what events have said since. All pure. */
import type { ChatFile, EventFrame, FileOfMessage, MessageView } from '../../api/types';

/** A list of the server. */
export type Kind = 'media' | 'file' | 'voice' | 'audio';

export interface List {
  /** The files of the pages so far. */
  paged: readonly ChatFile[];
  /** The cursor of the next page: '' before the first one, `null` after the last one. */
  next: string | null;
  /** The files of messages of which events have come, by seq: they count instead of those of pages. */
  said: ReadonlyMap<number, readonly ChatFile[]>;
}

export const NONE: List = { paged: [], next: '', said: new Map() };

/** Returns the files of a message, each with its place. */
export const placedIn = ({ chat_id, seq, sender_id, sent_at, parts }: MessageView): ChatFile[] =>
  (parts?.files?.items ?? []).map((file, place) => ({ chat_id, seq, place, sender_id, sent_at, file }));

/** Returns the list of the server that has a file. */
export function kindOf({ kind, type }: FileOfMessage): Kind {
  if (kind === 'voice') return kind;
  if (kind !== 'file') return 'media';
  return type.startsWith('audio/') ? 'audio' : 'file';
}

/** Returns a list with the page after those that it has. */
export const withPage = (list: List, items: readonly ChatFile[], next: string | null): List => ({
  ...list,
  paged: [...list.paged, ...items],
  next,
});

/** Returns the list of a kind after an event of its chat. */
export function withEvent(list: List, kind: Kind, { type, data }: EventFrame): List {
  if (type === 'messages.deleted') return data.items.reduce((before, { seq }) => without(before, seq), list);
  if (type === 'message.deleted') return without(list, data.seq);
  const isTold = type === 'message.created' || type === 'message.edited';
  // An edit of the words alone says nothing of the files.
  if (!isTold || !data.parts?.files) return list;
  const files = placedIn(data).filter(({ file }) => kindOf(file) === kind);
  return files.length ? saying(list, data.seq, files) : list;
}

const without = (list: List, seq: number): List => saying(list, seq, []);

const saying = (list: List, seq: number, files: readonly ChatFile[]): List => ({
  ...list,
  said: new Map(list.said).set(seq, files),
});

/** Returns the files of lists in one, newest first: as far back as all of them are loaded. */
export function shownOf(lists: readonly List[]): readonly ChatFile[] {
  const ends = lists.map(({ next, paged }) => (next === null ? 0 : (paged.at(-1)?.seq ?? Infinity)));
  const end = Math.max(...ends);
  return lists
    .flatMap(({ paged, said }) => [...paged.filter(({ seq }) => !said.has(seq)), ...[...said.values()].flat()])
    .filter(({ seq }) => seq >= end)
    .sort((a, b) => b.seq - a.seq || b.place - a.place);
}

/** Returns which of the lists to load next: the one that ends first; -1 if all are loaded. */
export function nextOf(lists: readonly List[]): number {
  const ends = lists.map(({ next, paged }) => (next === null ? -1 : (paged.at(-1)?.seq ?? Infinity)));
  const first = Math.max(...ends);
  return first < 0 ? -1 : ends.indexOf(first);
}
