/** Text made from entities: without markers, as a tree to draw; and whether it is visible. */
import { isBlank } from './characters';
import { type Entity, normalise, parse } from './markup';

/** Returns the text without its markers, for previews; spoilers are blocked out. */
export function plain(text: string, entities: readonly Entity[]): string {
  let covered = text;
  for (const one of entities) {
    if (one.type !== 'spoiler') continue;
    const [start, end] = [one.offset + (one.open ?? 0), one.offset + one.length - (one.close ?? 0)];
    covered = covered.slice(0, start) + covered.slice(start, end).replace(/[^ ]/g, '▒') + covered.slice(end);
  }
  return bare(covered, entities);
}

/** Says whether a message would be invisible: without its markers it is blank. */
export function isEmpty(text: string): boolean {
  const words = normalise(text);
  return isBlank(words) || isBlank(bare(words, parse(words)));
}

/** Returns the text without its markers. */
function bare(text: string, entities: readonly Entity[]): string {
  const markers = entities.flatMap(({ offset, length, open = 0, close = 0 }) => [
    [offset, offset + open] as const,
    [offset + length - close, offset + length] as const,
  ]);
  let kept = '';
  let at = 0;
  for (const [start, end] of markers.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    kept += text.slice(at, start);
    at = Math.max(at, end);
  }
  return kept + text.slice(at);
}

/** A node of rendered text: a string, or an entity around nodes. */
export type Node = string | { entity: Entity; children: Node[] };

/** Returns the text as a tree; without markers, neighbouring quote lines as one quote. */
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

const characters = new Intl.Segmenter();

/** Says whether the text is one to three emoji and nothing else: these are shown large. */
export function isJumbo(text: string): boolean {
  const marks = [...characters.segment(text.trim())].map((one) => one.segment);
  return marks.length > 0 && marks.length <= 3 && marks.every((one) => MARK.test(one));
}
