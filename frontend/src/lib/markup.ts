/**
 * The grammar of message text: entities over the typed text (docs/message-text.md). The server has the same grammar
 * (messages/text.py); backend/tests/vectors/markup.json tests both.
 */
import { MAIL, pairsIn, URL_CHAR, urlEnd, WEB } from './address';
import { charAt, endsWord, isMark, isWord } from './characters';

export type EntityType =
  | 'bold'
  | 'italic'
  | 'strike'
  | 'code'
  | 'pre'
  | 'spoiler'
  | 'quote'
  | 'link'
  | 'mention'
  | 'escape';

/**
 * A range of the text, with its markers, in UTF-16 code units; the first `open` and the last `close` of them are
 * hidden.
 */
export interface Entity {
  type: EntityType;
  offset: number;
  length: number;
  open?: number;
  close?: number;
  lang?: string | null;
  href?: string | null;
  user_id?: number | null;
}

const ENTITIES_MAX = 100;
const DEPTH_MAX = 4;
const TARGET_MAX = 2000;
const MARKERS: Record<string, EntityType> = {
  '**': 'bold',
  '*': 'italic',
  _: 'italic',
  '~~': 'strike',
  '||': 'spoiler',
};
const STARS = ['**', '*'];
const FENCE_OPEN = /(?<![^\n])```([A-Za-z0-9_.+#-]{0,20})[ \t]*\n/g;
const FENCE_CLOSE = /\n[ \t]*```[ \t]*(?![^\n])/g;
const TOKEN = new RegExp(
  [
    '(?<backslashes>\\\\+)',
    '(?<code>(?<!`)(?<ticks>`{2,3})(?!`)[^\\n]+?(?<!`)\\k<ticks>(?!`)|`[^`\\n]+`)',
    `(?<label>\\[[^\\[\\]\\n]{1,200}\\]\\((?=${WEB}|${MAIL}))`,
    `(?<url>${WEB}${URL_CHAR}{1,2000})`,
    '(?<marker>(?<!\\*)\\*\\*\\*(?!\\*)|\\*\\*|~~|\\|\\||\\*|_)',
    '(?<at>@+)',
  ].join('|'),
  'gu',
);
const SPACE = /\s/;
const ESCAPED = '*_~|`[]@>';
const HIDDEN =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The names of the people whom the sender mentions with user ids, in the order of their `@Name` in the text. */
export type People = readonly (readonly [name: string, userId: number])[];
type Match = RegExpExecArray & { groups: Record<string, string | undefined> };

/** Returns the text as it is stored: line ends `\n`, no control or overriding characters, no blank edges. */
export function normalise(text: string): string {
  const clean = text.replace(/\r\n?|\u2028|\u2029/g, '\n').replace(HIDDEN, '');
  let start = 0;
  while (clean.charAt(start) === '\n') start += 1;
  return clean.slice(start).trimEnd();
}

/**
 * Returns the entities of a text, outer before inner, properly nested, at most 100. Linear in its length. The n-th
 * mention of a name means the n-th of `people` with this name, and beyond them the last.
 */
export function parse(text: string, people: People = []): Entity[] {
  const reading = new Reading(text, people);
  reading.blocks();
  return reading.found.sort((a, b) => a.offset - b.offset || b.length - a.length).slice(0, ENTITIES_MAX);
}

/** One pass over a text: the entities found so far, and the open markers of the line. */
class Reading {
  readonly found: Entity[] = [];
  private readonly names: ReadonlyMap<number, string>;
  private readonly ids = new Map<string, number[]>();
  /** The text up to the end of the current line. */
  private line = '';
  private opened: [marker: string, start: number][] = [];
  private pairs: ReadonlyMap<number, number> | null = null;

  constructor(
    private readonly text: string,
    people: People,
  ) {
    this.names = namesIn(text, people);
    for (const [name, id] of people) this.ids.set(name, [...(this.ids.get(name) ?? []), id]);
  }

  /** Reads fences, and the lines between them. */
  blocks(): void {
    let position = 0;
    for (;;) {
      const fence = matchFrom(FENCE_OPEN, this.text, position);
      if (!fence) break;
      const inner = fence.index + fence[0].length;
      const close = matchFrom(FENCE_CLOSE, this.text, inner - 1);
      if (!close) break;
      this.lines(position, fence.index);
      position = close.index + close[0].length;
      const [offset, open] = [fence.index, fence[0].length];
      const pre: Entity = { type: 'pre', offset, length: position - offset, open };
      pre.close = position - Math.max(close.index, inner);
      if (fence[1]) pre.lang = fence[1];
      this.found.push(pre);
    }
    this.lines(position, this.text.length);
  }

  /** Reads the lines between two fences; a quote is one line that begins with `> `. */
  private lines(start: number, end: number): void {
    let from = start;
    while (from < end && !this.isFull()) {
      const newline = this.text.indexOf('\n', from);
      const stop = newline < 0 || newline > end ? end : newline;
      if (this.text.startsWith('> ', from) && stop > from + 2) {
        this.found.push({ type: 'quote', offset: from, length: stop - from, open: 2 });
        from += 2;
      }
      this.inline(from, stop);
      from = stop + 1;
    }
  }

  private inline(start: number, stop: number): void {
    [this.opened, this.pairs] = [[], null];
    this.line = this.text.slice(0, stop);
    let position = start;
    while (!this.isFull()) {
      const token = matchFrom(TOKEN, this.line, position) as Match | null;
      if (!token) return;
      position = this.token(token);
    }
  }

  /** Reads a token; returns the place where the next one may begin. */
  private token({ 0: word, index, groups }: Match): number {
    const end = index + word.length;
    if (groups.marker) this.marker(word, index);
    else if (groups.url) return this.url(word, index);
    else if (groups.label) return this.labelled(index, end);
    else if (groups.at) return this.mention(index, end);
    else if (groups.backslashes) return this.backslashes(index, end);
    else {
      const ticks = groups.ticks?.length ?? 1;
      this.found.push({ type: 'code', offset: index, length: word.length, open: ticks, close: ticks });
    }
    return end;
  }

  /** Says whether later entities cannot be among the first 100 any more: no open marker began before them. */
  private isFull(): boolean {
    return this.found.length >= ENTITIES_MAX && !this.opened.length;
  }

  /** Closes the nearest open marker of this kind, or opens one; `snake_case` and `2 * 3` stay as they are. */
  private marker(marker: string, start: number): void {
    const end = start + marker.length;
    const after = charAt(this.line, end);
    if (isMark(after)) return; // a key with its cap
    const before = this.line.charAt(start - 1);
    if (before && !SPACE.test(before) && !isWord(after) && this.close(marker, start)) return;
    const parts = marker === '***' ? STARS : [marker];
    const isOpen = this.opened.some(([kind]) => parts.includes(kind));
    if (isOpen || !after || SPACE.test(after) || endsWord(this.line, start)) return;
    if (this.opened.length + parts.length > DEPTH_MAX) return;
    parts.forEach((part, place) => {
      this.opened.push([part, start + 2 * place]);
    });
  }

  /** Ends the entity of the nearest open marker of this kind; markers opened inside it stay as typed. */
  private close(marker: string, start: number): boolean {
    if (marker === '***') {
      const inner = this.opened.findLast(([kind]) => STARS.includes(kind))?.[0];
      if (!inner || !this.close(inner, start)) return false;
      this.close(marker.slice(inner.length), start + inner.length);
      return true;
    }
    let place = this.opened.findLastIndex(([kind]) => kind === marker);
    let first = this.opened[place]?.[1];
    if (first === undefined) return false;
    const next = this.opened[place + 1];
    if (next && STARS.includes(marker) && STARS.includes(next[0]) && next[1] === first + marker.length) {
      // Both were opened by one `***`: the one that ends first is the inner one.
      this.opened[place] = [next[0], first];
      place += 1;
      first += next[0].length;
    }
    if (start <= first + marker.length) return false;
    this.opened.length = place;
    const [type, width] = [MARKERS[marker] as EntityType, marker.length];
    this.found.push({ type, offset: first, length: start + width - first, open: width, close: width });
    return true;
  }

  /** Reads a backslash: it escapes the marker or the backslash after it, and no other character. */
  private backslashes(start: number, end: number): number {
    if (end === this.line.length || !ESCAPED.includes(this.line.charAt(end))) return end;
    const after = end + ((end - start) % 2);
    for (let offset = start; offset < after; offset += 2)
      this.found.push({ type: 'escape', offset, length: 2, open: 1 });
    return after;
  }

  /** Reads an address in a sentence, without its punctuation and brackets. */
  private url(url: string, offset: number): number {
    const isItalic = this.opened.some(([kind]) => kind === '_');
    const length = urlEnd(url, isItalic);
    const host = url.indexOf('/') + 2;
    if (length <= host) return offset + host;
    this.found.push({ type: 'link', offset, length, href: url.slice(0, length) });
    return offset + length;
  }

  /** Reads `[words](address)` up to the bracket that closes the one before the address. */
  private labelled(offset: number, target: number): number {
    this.pairs ??= pairsIn(this.line, offset);
    const end = this.pairs.get(target - 1) ?? 0;
    if (end <= target || end - target > TARGET_MAX) return offset + 1;
    const length = end + 1 - offset;
    this.found.push({
      type: 'link',
      offset,
      length,
      open: 1,
      close: end + 3 - target,
      href: this.line.slice(target, end),
    });
    return end + 1;
  }

  /** Reads the longest name after an `@`. */
  private mention(start: number, end: number): number {
    for (let offset = start; offset < end; offset += 1) {
      const name = this.names.get(offset);
      if (name === undefined || endsWord(this.line, offset)) continue;
      const ids = this.ids.get(name) ?? [];
      const user_id = (ids.length > 1 ? ids.shift() : ids[0]) ?? 0;
      this.found.push({ type: 'mention', offset, length: 1 + name.length, user_id });
      return offset + 1 + name.length;
    }
    return end;
  }
}

/** Returns the places of each `@Name` of these people; the longest name of a place. */
function namesIn(text: string, people: People): Map<number, string> {
  const found = new Map<number, string>();
  const names = new Set(people.map(([name]) => name).filter(Boolean));
  for (const name of [...names].sort((a, b) => a.length - b.length)) {
    for (let at = text.indexOf(`@${name}`); at >= 0; at = text.indexOf(`@${name}`, at + 1))
      if (!isWord(charAt(text, at + 1 + name.length))) found.set(at, name);
  }
  return found;
}

function matchFrom(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position;
  return pattern.exec(text);
}
