/** Changes to what is written, as the keyboard would make them: the browser's undo takes them back. */
import { parse } from '../../lib/markup';

const MARKS: Record<string, string> = { KeyB: '**', KeyI: '_', KeyE: '`' };
const LABEL = /^[^[\]\n]{1,200}$/;

/** Put words in place of the selection. */
export function insert(area: HTMLTextAreaElement, words: string): void {
  area.focus();
  // The one way to change a field that undo knows of; deprecated by name, kept by every browser for this.
  document.execCommand('insertText', false, words);
}

/** The marker a key stands for, by its place, so that every layout works. */
export function markOf(event: KeyboardEvent): string | undefined {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return undefined;
  return event.shiftKey ? (event.code === 'KeyX' ? '~~' : undefined) : MARKS[event.code];
}

/** Put markers around the selection, or take them away where they stand. */
export function toggle(area: HTMLTextAreaElement, mark: string): void {
  const { selectionStart: from, selectionEnd: to, value } = area;
  const inner = value.slice(from, to);
  const isMarked = value.slice(0, from).endsWith(mark) && value.startsWith(mark, to);
  if (isMarked) area.setSelectionRange(from - mark.length, to + mark.length);
  insert(area, isMarked ? inner : mark + inner + mark);
  const start = isMarked ? from - mark.length : from + mark.length;
  area.setSelectionRange(start, start + inner.length);
}

/** The selected words as a link to a pasted address; `null` when it is no such case. */
export function linked(area: HTMLTextAreaElement, pasted: string): string | null {
  const label = area.value.slice(area.selectionStart, area.selectionEnd);
  const address = pasted.trim();
  return isAddress(address) && LABEL.test(label) && !isAddress(label) ? `[${label}](${address})` : null;
}

function isAddress(text: string): boolean {
  const [found] = parse(`[x](${text})`);
  return found?.type === 'link' && found.length === text.length + 5;
}
