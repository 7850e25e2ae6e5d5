/**
 * The grammar of message text: entities over the words as typed (docs/message-text.md).
 * The server has the same grammar (messages/text.py); both are tested by backend/tests/vectors/markup.json.
 */

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

/** A range of the text, markers included, in UTF-16 code units; `open` and `close` of them are hidden. */
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
const MARKERS: Record<string, EntityType> = {
  '**': 'bold',
  '*': 'italic',
  _: 'italic',
  '~~': 'strike',
  '||': 'spoiler',
};
const FENCE_OPEN = /^```([A-Za-z0-9+#-]{0,20})\n/gm;
const FENCE_CLOSE = /\n```[ \t]*$/gm;
const TOKEN =
  /(?<escape>\\[*_~|`[\]\\@>])|(?<code>`[^`\n]+`)|(?<link>\[(?<label>[^[\]\n]{1,200})\]\((?<target>(?:https?:\/\/|mailto:)[^\s()<>]{1,2000})\))|(?<url>https?:\/\/[^\s<>"«»]{1,2000})|(?<marker>\*\*|~~|\|\||\*|_)|(?<at>@)/gu;
const WORD = /[\p{L}\p{N}_]/u;
const SPACE = /\s/u;
const TRAILING = ".,;:!?'*_~|…";
const HIDDEN =
  /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

type Names = ReadonlyMap<string, number>;
type Match = RegExpExecArray & { groups: Record<string, string | undefined> };

/** The words as they are stored: line ends `\n`, no control or overriding characters, no empty edges. */
export function normalise(text: string): string {
  return text
    .replace(/\r\n?|\u2028|\u2029/g, '\n')
    .replace(HIDDEN, '')
    .replace(/^\n+|\n+$/g, '')
    .trimEnd();
}

/** The entities of a text, outer before inner, properly nested, at most 100. Linear in its length. */
export function parse(text: string, names: Names = new Map()): Entity[] {
  const found: Entity[] = [];
  let position = 0;
  for (;;) {
    FENCE_OPEN.lastIndex = position;
    const fence = FENCE_OPEN.exec(text);
    if (!fence) break;
    FENCE_CLOSE.lastIndex = fence.index + fence[0].length - 1;
    const close = FENCE_CLOSE.exec(text);
    if (!close) break;
    lines(text, position, fence.index, names, found);
    const end = close.index + close[0].length;
    const pre: Entity = {
      type: 'pre',
      offset: fence.index,
      length: end - fence.index,
      open: fence[0].length,
      close: close[0].length,
    };
    if (fence[1]) pre.lang = fence[1];
    found.push(pre);
    position = end;
  }
  lines(text, position, text.length, names, found);
  found.sort((a, b) => a.offset - b.offset || b.length - a.length);
  return found.slice(0, ENTITIES_MAX);
}

function lines(text: string, start: number, end: number, names: Names, found: Entity[]): void {
  let from = start;
  while (from < end) {
    const newline = text.indexOf('\n', from);
    const stop = newline < 0 || newline > end ? end : newline;
    if (text.startsWith('> ', from) && stop > from + 2) {
      found.push({ type: 'quote', offset: from, length: stop - from, open: 2 });
      inline(text, from + 2, stop, names, found);
    } else {
      inline(text, from, stop, names, found);
    }
    from = stop + 1;
  }
}

function inline(text: string, start: number, stop: number, names: Names, found: Entity[]): void {
  const line = text.slice(0, stop);
  const opened: [string, number][] = [];
  TOKEN.lastIndex = start;
  for (let match = TOKEN.exec(line) as Match | null; match; match = TOKEN.exec(line) as Match | null) {
    const { index: offset, groups } = match;
    const length = match[0].length;
    let next = offset + length;
    if (groups.marker) {
      marker(line, match[0], offset, opened, found);
    } else if (groups.url) {
      next = offset + urlEnd(match[0]);
      found.push({ type: 'link', offset, length: next - offset, href: line.slice(offset, next) });
    } else if (groups.link) {
      const close = length - 1 - (groups.label ?? '').length;
      found.push({ type: 'link', offset, length, open: 1, close, href: groups.target ?? '' });
    } else if (groups.at) {
      next = mention(line, offset, names, found);
    } else if (groups.code) {
      found.push({ type: 'code', offset, length, open: 1, close: 1 });
    } else {
      found.push({ type: 'escape', offset, length, open: 1 });
    }
    TOKEN.lastIndex = next;
  }
}

/** Close the nearest open marker of this kind, or open one; word rules keep `snake_case` and `2 * 3` as they are. */
function marker(line: string, mark: string, start: number, opened: [string, number][], found: Entity[]): void {
  const before = charBefore(line, start);
  const after = charAt(line, start + mark.length);
  const place = opened.findLastIndex(([other]) => other === mark);
  const first = opened[place];
  if (first && before && !SPACE.test(before) && !WORD.test(after) && start > first[1] + mark.length) {
    opened.length = place;
    const length = start + mark.length - first[1];
    found.push({ type: MARKERS[mark] as EntityType, offset: first[1], length, open: mark.length, close: mark.length });
  } else if (!first && opened.length < DEPTH_MAX && after && !SPACE.test(after) && !WORD.test(before)) {
    opened.push([mark, start]);
  }
}

function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function charBefore(text: string, at: number): string {
  if (at <= 0) return '';
  const last = text.charCodeAt(at - 1);
  return last >= 0xdc00 && last <= 0xdfff ? charAt(text, at - 2) : text.charAt(at - 1);
}

/** Where an address ends that stands in a sentence: no trailing punctuation, brackets in pairs. */
function urlEnd(url: string): number {
  let end = url.length;
  while (end > 0) {
    const last = url.charAt(end - 1);
    if (TRAILING.includes(last) || (')]'.includes(last) && isUnpaired(url.slice(0, end), last))) end -= 1;
    else break;
  }
  return end;
}

function isUnpaired(url: string, bracket: string): boolean {
  return url.split(bracket).length > url.split(bracket === ')' ? '(' : '[').length;
}

function mention(line: string, at: number, names: Names, found: Entity[]): number {
  if (WORD.test(charBefore(line, at))) return at + 1;
  const longest = [...names.keys()].sort((a, b) => [...b].length - [...a].length || (a < b ? -1 : 1));
  for (const name of longest) {
    const end = at + 1 + name.length;
    if (name && line.startsWith(name, at + 1) && !WORD.test(charAt(line, end))) {
      found.push({ type: 'mention', offset: at, length: end - at, user_id: names.get(name) ?? 0 });
      return end;
    }
  }
  return at + 1;
}

/** The words without their markers, for previews; spoilers are blocked out. */
export function plain(text: string, entities: readonly Entity[]): string {
  const hidden = new Set<number>();
  const blocked = new Set<number>();
  for (const one of entities) {
    const end = one.offset + one.length;
    for (let at = one.offset; at < one.offset + (one.open ?? 0); at += 1) hidden.add(at);
    for (let at = end - (one.close ?? 0); at < end; at += 1) hidden.add(at);
    if (one.type !== 'spoiler') continue;
    for (let at = one.offset + (one.open ?? 0); at < end - (one.close ?? 0); at += 1) blocked.add(at);
  }
  let kept = '';
  for (let at = 0; at < text.length; at += 1) {
    if (!hidden.has(at)) kept += blocked.has(at) && text.charAt(at) !== ' ' ? '▒' : text.charAt(at);
  }
  return kept;
}

/** A node of rendered text: words, or an entity around nodes. */
export type Node = string | { entity: Entity; children: Node[] };

/** The text as a tree; markers are gone, neighbouring quote lines are one quote. */
export function tree(text: string, entities: readonly Entity[]): Node[] {
  const [nodes] = branch(text, entities, 0, 0, text.length);
  return mergeQuotes(nodes);
}

function branch(text: string, entities: readonly Entity[], first: number, from: number, to: number): [Node[], number] {
  const nodes: Node[] = [];
  let at = from;
  let next = first;
  for (let one = entities[next]; one && one.offset < to; one = entities[next]) {
    if (one.offset > at) nodes.push(text.slice(at, one.offset));
    const end = one.offset + one.length;
    const [children, after] = branch(text, entities, next + 1, one.offset + (one.open ?? 0), end - (one.close ?? 0));
    nodes.push({ entity: one, children });
    at = end;
    next = after;
  }
  if (at < to) nodes.push(text.slice(at, to));
  return [nodes, next];
}

function mergeQuotes(nodes: Node[]): Node[] {
  const merged: Node[] = [];
  for (const node of nodes) {
    const [before, between] = [merged.at(-2), merged.at(-1)];
    const isQuote = typeof node !== 'string' && node.entity.type === 'quote';
    if (isQuote && between === '\n' && before && typeof before !== 'string' && before.entity.type === 'quote') {
      merged.splice(-1);
      before.children.push('\n', ...node.children);
    } else {
      merged.push(node);
    }
  }
  return merged;
}

// A picture, a flag of two letters, or a key with its cap.
const MARK = /^(\p{Extended_Pictographic}|\p{Regional_Indicator}{2}$|[\d#*]\ufe0f?\u20e3$)/u;

/** One to three emoji and nothing else: shown large. */
export function isJumbo(text: string): boolean {
  const marks = [...new Intl.Segmenter().segment(text.trim())].map((one) => one.segment);
  return marks.length > 0 && marks.length <= 3 && marks.every((one) => MARK.test(one));
}
