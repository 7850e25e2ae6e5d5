/** Formatting by key: markers around the selection, by the place of the key, so that every layout works. */
const MARKS: Record<string, string> = { KeyB: '**', KeyI: '_', KeyE: '`' };

/** The text with markers around what is selected, or `null` when the key is no formatting key. */
export function marked(event: KeyboardEvent, area: HTMLTextAreaElement | null): string | null {
  const mark = event.shiftKey ? (event.code === 'KeyX' ? '~~' : undefined) : MARKS[event.code];
  if (!area || !mark || !(event.ctrlKey || event.metaKey) || event.altKey) return null;
  const { selectionStart: from, selectionEnd: to, value } = area;
  const text = value.slice(0, from) + mark + value.slice(from, to) + mark + value.slice(to);
  queueMicrotask(() => setTimeout(() => area.setSelectionRange(from + mark.length, to + mark.length)));
  return text;
}
