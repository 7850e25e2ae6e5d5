/** The pictures of a chat around a place: pages of the server to both sides, and what events have said since. Pure. */
import type { ChatFile, EventFrame } from '../../api/types';
import type { Window } from '../slice';
import { placedIn } from './gallery';

export type Side = 'before' | 'after';

/** Where the pages of a side begin, and the cursor of the next one; `null` beyond the last picture. */
export type Next = { seq: number; cursor: string } | null;

export interface Walk {
  /** The files of the loaded messages and of the pages, by rising place. */
  files: readonly ChatFile[];
  /** The files of messages of which events have come, by seq: they count instead of those of pages. */
  said: ReadonlyMap<number, readonly ChatFile[]>;
  /** The first and the last seq whose files are known. */
  from: number;
  to: number;
  next: Readonly<Record<Side, Next>>;
}

/** Returns a walk that begins with the loaded messages of a chat. */
export function begun({ items, hasBefore, hasAfter }: Window): Walk {
  const [first, last] = [items[0]?.seq ?? 0, items.at(-1)?.seq ?? 0];
  return {
    files: items.flatMap(placedIn),
    said: new Map(),
    from: hasBefore ? first : 0,
    to: hasAfter ? last : Infinity,
    next: {
      before: hasBefore ? { seq: first, cursor: '' } : null,
      after: hasAfter ? { seq: last, cursor: '' } : null,
    },
  };
}

/** Returns a walk with the next page of a side, whose files come as they are farther from its beginning. */
export function withPage(walk: Walk, side: Side, items: readonly ChatFile[], cursor: string | null): Walk {
  const next = { ...walk.next, [side]: cursor === null ? null : { seq: walk.next[side]?.seq ?? 0, cursor } };
  const end = items.at(-1)?.seq;
  if (side === 'after') {
    const to = cursor === null ? Infinity : (end ?? walk.to);
    return { ...walk, files: [...walk.files, ...items], to, next };
  }
  const from = cursor === null ? 0 : (end ?? walk.from);
  return { ...walk, files: [...items.toReversed(), ...walk.files], from, next };
}

/** Returns a walk after an event of its chat. */
export function withEvent(walk: Walk, { type, data }: EventFrame): Walk {
  if (type === 'messages.deleted') return data.items.reduce((before, { seq }) => saying(before, seq, []), walk);
  if (type === 'message.deleted') return saying(walk, data.seq, []);
  const isTold = type === 'message.created' || type === 'message.edited';
  // An edit of the words alone says nothing of the files.
  return isTold && data.parts?.files ? saying(walk, data.seq, placedIn(data)) : walk;
}

const saying = (walk: Walk, seq: number, files: readonly ChatFile[]): Walk => ({
  ...walk,
  said: new Map(walk.said).set(seq, files),
});

/** Returns the files of a walk, by rising place: those beyond its ends come with their pages. */
export function filesOf({ files, said, from, to }: Walk): readonly ChatFile[] {
  const told = [...said].flatMap(([seq, all]) => (seq >= from && seq <= to ? all : []));
  return [...files.filter(({ seq }) => !said.has(seq)), ...told].sort((a, b) => a.seq - b.seq || a.place - b.place);
}
