/** Changes to the text in a field as if typed: the browser's undo reverts them. */
import { presses } from '../../acts/act';
import { marks } from '../../acts/marks';
import { parse } from '../../lib/markup';

const LABEL = /^[^[\]\n]{1,200}$/;

/** Replaces the selection with a text. */
export function insert(area: HTMLTextAreaElement, words: string): void {
  area.focus();
  // The only way to change a field that undo knows; deprecated, but every browser keeps it for this use.
  document.execCommand('insertText', false, words);
}

/** Returns the marker of a key. */
export const markOf = (event: KeyboardEvent): string | undefined =>
  marks.find(({ chord }) => presses(chord, event))?.mark;

/** Puts markers around the selection, or removes them if they are there. */
export function toggle(area: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const inner = value.slice(from, to);
  const isMarked = value.slice(0, from).endsWith(mark) && value.startsWith(mark, to);
  if (isMarked) area.setSelectionRange(from - mark.length, to + mark.length);
  insert(area, isMarked ? inner : mark + inner + mark);
  const start = isMarked ? from - mark.length : from + mark.length;
  area.setSelectionRange(start, start + inner.length);
}

/** Returns the selected text as a link to a pasted address; `null` if that does not apply. */
export function linked(area: HTMLTextAreaElement, pasted: string): string | null {
  const label = area.value.slice(area.selectionStart, area.selectionEnd);
  const address = pasted.trim();
  return isAddress(address) && LABEL.test(label) && !isAddress(label) ? `[${label}](${address})` : null;
}

function isAddress(text: string): boolean {
  const [found] = parse(`[x](${text})`);
  return found?.type === 'link' && found.length === text.length + 5;
}
