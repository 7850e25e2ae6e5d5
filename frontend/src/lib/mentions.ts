/** The people whom each `@Name` of a draft mentions: by id, through every change of the text. */
import { type Entity, parse } from './markup';

/** A mention of this person as `@name` at a place of the text. */
export interface Mention {
  at: number;
  name: string;
  id: number;
}

type Named = readonly [name: string, id: number];

const MOST = 20;

/** Returns the mentions of a message or of a parsed text. */
export function mentionsOf(text: string, entities: readonly Entity[]): Mention[] {
  return entities
    .filter((one) => one.type === 'mention' && one.user_id)
    .map(({ offset, length, user_id }) => ({
      at: offset,
      name: text.slice(offset + 1, offset + length),
      id: user_id ?? 0,
    }));
}

/**
 * Returns the mentions after a change of the text; `caret` is behind the inserted part. A changed mention is dropped.
 */
export function moved(mentions: readonly Mention[], before: string, after: string, caret: number): Mention[] {
  const kept = before.endsWith(after.slice(caret)) ? after.length - caret : 0;
  const most = Math.min(before.length, after.length) - kept;
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  const stop = before.length - kept;
  return mentions.flatMap((one) => {
    if (one.at + 1 + one.name.length <= start) return one;
    return one.at >= stop ? { ...one, at: one.at + after.length - before.length } : [];
  });
}

/**
 * Returns the ids of the people whom a text mentions, in the order of their `@Name`; a name that always means one
 * person is listed once. A name typed by hand means the person it meant before in this text, or the only member of that
 * name.
 */
export function named(text: string, mentions: readonly Mention[], members: readonly Named[]): number[] {
  const known: Named[] = [...mentions.map(({ name, id }): Named => [name, id]), ...members];
  const found = parse(
    text,
    known.filter(([name]) => text.includes(`@${name}`)),
  );
  const meant = mentionsOf(text, found).flatMap(({ at, name }): Named[] => {
    const same = mentions.filter((one) => one.name === name).sort((a, b) => a.at - b.at);
    const chosen = same.findLast((one) => one.at <= at) ?? same[0];
    const others = members.filter(([other]) => other === name);
    const id = chosen?.id ?? (others.length === 1 ? others[0]?.[1] : undefined);
    return id === undefined ? [] : [[name, id]];
  });
  const isOne = ([name, id]: Named): boolean => meant.every(([other, otherId]) => other !== name || otherId === id);
  const once = meant.filter((one, place) => !isOne(one) || meant.findIndex(([, id]) => id === one[1]) === place);
  return once.map(([, id]) => id).slice(0, MOST);
}
