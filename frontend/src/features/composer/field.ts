/** Changes to the text in a field as if typed: the browser's undo reverts them. */
import { presses } from '../../acts/act';
import { marks } from '../../acts/marks';

/** Replaces the selection with a text. */
export function insert(area: HTMLTextAreaElement, words: string): void {
  area.focus();
  // The only way to change a field that undo knows; deprecated, but every browser keeps it for this use.
  document.execCommand(words ? 'insertText' : 'delete', false, words);
}

/** Returns the marker of a key. */
export const markOf = (event: KeyboardEvent): string | undefined =>
  marks.find(({ chord }) => presses(chord, event))?.mark;
