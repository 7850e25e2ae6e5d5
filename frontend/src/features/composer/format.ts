/** Marks the words in a field, and makes links of them. */
import { parse } from '../../lib/markup';
import { insert } from './field';
import { toggled } from './marking';

const WORDS = /^[^\n]{1,200}$/;
const CODES: Readonly<Record<string, string>> = { '(': '%28', ')': '%29' };

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
  return linkOf(area.value.slice(area.selectionStart, area.selectionEnd), pasted.trim());
}

/**
 * Returns words as a link to an address. Brackets that the grammar would take for its own are written in another way:
 * those of an address by their codes, and words with square ones stay in front of the address.
 */
export function linkOf(words: string, pasted: string): string | null {
  if (!WORDS.test(words) || isAddress(words)) return null;
  const address = isAddress(pasted) ? pasted : pasted.replace(/[()]/g, (one) => CODES[one] ?? one);
  if (!isAddress(address)) return null;
  return /[[\]]/.test(words) ? `${words} ${address}` : `[${words}](${address})`;
}

function isAddress(text: string): boolean {
  const [found] = parse(`[x](${text})`);
  return found?.type === 'link' && found.length === text.length + 5;
}
