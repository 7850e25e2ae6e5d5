/** Changes to the text in a field as if typed: the browser's undo reverts them. */
import { presses } from '../../acts/act';
import { marks } from '../../acts/marks';
import { parse } from '../../lib/markup';
import { toggled } from './marking';

const LABEL = /^[^[\]\n]{1,200}$/;

/** Replaces the selection with a text. */
export function insert(area: HTMLTextAreaElement, words: string): void {
  area.focus();
  // The only way to change a field that undo knows; deprecated, but every browser keeps it for this use.
  document.execCommand(words ? 'insertText' : 'delete', false, words);
}

/** Returns the marker of a key. */
export const markOf = (event: KeyboardEvent): string | undefined =>
  marks.find(({ chord }) => presses(chord, event))?.mark;

/** Puts markers around the selection, or removes them if they are there. */
export function toggle(area: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const next = toggled({ text: value, from, to }, mark);
  if (next.text === value) return;
  const most = Math.min(value.length, next.text.length);
  let [start, kept] = [0, 0];
  while (start < most && value[start] === next.text[start]) start += 1;
  while (kept < most - start && value.at(-1 - kept) === next.text.at(-1 - kept)) kept += 1;
  area.setSelectionRange(start, value.length - kept);
  insert(area, next.text.slice(start, next.text.length - kept));
  area.setSelectionRange(next.from, next.to);
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
