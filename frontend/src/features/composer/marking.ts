/**
 * Marks words as a word processor does: whole words, line by line, without the blanks at the edges. Once more over
 * marked words takes the marks away.
 */
import { charAt, endsWord, isWord } from '../../lib/characters';
import { type Entity, type EntityType, parse } from '../../lib/markup';

/** A text with its selection. */
export interface Selected {
  text: string;
  from: number;
  to: number;
}

/** A code unit of the text without the markers of one kind. */
interface Sign {
  sign: string;
  /** Its place in the text with markers. */
  at: number;
  isOn: boolean;
  /** Whether it can be marked: no line end, no prefix of a quote, no block of code. */
  isFree: boolean;
}

const KINDS: Readonly<Record<string, EntityType>> = { '**': 'bold', _: 'italic', '`': 'code', '~~': 'strike' };
/** What is marked as a whole or not at all: no marker has a meaning inside. */
const SOLID: readonly EntityType[] = ['code', 'link', 'mention', 'escape'];

/** Returns the text with the selection marked by a marker, or without it if all of it is marked already. */
export function toggled(selected: Selected, mark: string): Selected {
  const { text, from, to } = selected;
  const entities = parse(text);
  const isInBlock = entities.some((one) => one.type === 'pre' && covers(one, from) && covers(one, to));
  if (isInBlock) return selected;
  const isPair = text.slice(0, from).endsWith(mark) && text.startsWith(mark, to);
  if (from === to && isPair) return without(selected, mark.length);
  const signs = signsOf(text, entities, mark);
  const [start, end] = wholeWords(selected, entities, mark);
  const meant = signs.filter(({ sign, at, isFree }) => isFree && at >= start && at < end && sign.trim());
  const [first, last] = [meant[0]?.at, meant.at(-1)?.at];
  if (first === undefined || last === undefined) return around(selected, mark);
  const isOn = !meant.every((one) => one.isOn);
  for (const one of signs) if (one.isFree && one.at >= first && one.at <= last) one.isOn = isOn;
  if (from < to) return written(signs, mark, first, last);
  const { text: next, from: caret } = written(signs, mark, from, from);
  return { text: next, from: caret, to: caret };
}

/** Takes an empty pair of markers away. */
const without = ({ text, from, to }: Selected, width: number): Selected => ({
  text: text.slice(0, from - width) + text.slice(to + width),
  from: from - width,
  to: from - width,
});

/** Puts an empty pair of markers behind a selection without words. */
const around = ({ text, to }: Selected, mark: string): Selected => ({
  text: text.slice(0, to) + mark + mark + text.slice(to),
  from: to + mark.length,
  to: to + mark.length,
});

const covers = ({ offset, length }: Entity, at: number): boolean => at > offset && at < offset + length;

/** Returns the ends of the words, links and the like in which a selection begins and ends. */
function wholeWords({ text, from, to }: Selected, entities: readonly Entity[], mark: string): [number, number] {
  const isInside = (at: number): boolean => endsWord(text, at) && isWord(charAt(text, at));
  let [start, end] = [from, to];
  while (isInside(start)) start -= 1;
  while (isInside(end)) end += 1;
  for (const one of entities) {
    if (!SOLID.includes(one.type) || one.type === KINDS[mark]) continue;
    if (covers(one, start)) start = one.offset;
    if (covers(one, end)) end = one.offset + one.length;
  }
  return [start, end];
}

/** Returns the signs of a text without the markers of one kind, and which of them these mark. */
function signsOf(text: string, entities: readonly Entity[], mark: string): Sign[] {
  const signs = [...Array(text.length).keys()].map((at): Sign => {
    const sign = text.charAt(at);
    return { sign, at, isOn: false, isFree: sign !== '\n' };
  });
  const markers = new Set<Sign>();
  for (const { type, offset, length, open = 0, close = 0 } of entities) {
    const [all, end] = [signs.slice(offset, offset + length), length - close];
    if (type === 'pre') for (const one of all) one.isFree = false;
    if (type === 'quote') for (const one of all.slice(0, open)) one.isFree = false;
    if (type !== KINDS[mark] || open !== mark.length || !text.startsWith(mark, offset)) continue;
    for (const one of all) one.isOn = true;
    for (const one of [...all.slice(0, open), ...all.slice(end)]) markers.add(one);
  }
  return signs.filter((one) => !markers.has(one));
}

/** Returns the text with markers around its marked parts, and selects from one sign to another. */
function written(signs: readonly Sign[], mark: string, first: number, last: number): Selected {
  const on = marked(signs);
  let text = '';
  let [from, to] = [0, 0];
  signs.forEach(({ sign, at }, place) => {
    if (on[place] && !on[place - 1]) text += mark;
    if (at === first) from = text.length;
    text += sign;
    if (at === last) to = text.length;
    if (on[place] && !on[place + 1]) text += mark;
  });
  return { text, from, to };
}

/** Says of each sign whether it is marked: the blanks at the edges of marked words are not. */
function marked(signs: readonly Sign[]): boolean[] {
  const on = signs.map((one) => one.isOn);
  const places = [...on.keys()];
  for (const way of [places, [...places].reverse()]) {
    let isEdge = true;
    for (const place of way) {
      const isBlank = !signs[place]?.sign.trim();
      isEdge = !on[place] || (isEdge && isBlank);
      if (isEdge) on[place] = false;
    }
  }
  return on;
}
