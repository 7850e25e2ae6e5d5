/** The selected text of the conversation: quoted by a key, copied with names and times. */
import type { MessageView } from '../../api/types';
import { written } from '../../content/written';
import type { Copied } from '../../ui/clipboard';

function selected(): { text: string; seqs: number[] } {
  const selection = getSelection();
  const text = selection?.toString().trim() ?? '';
  if (!selection || selection.isCollapsed || !text) return { text: '', seqs: [] };
  const range = selection.getRangeAt(0);
  const all = [...document.querySelectorAll<HTMLElement>('article[data-seq]')];
  const touched = all.filter((one) => range.intersectsNode(one) && isInside(range, one));
  return { text, seqs: touched.map((one) => Number(one.dataset.seq)) };
}

/** Says whether some of the text is selected, not only the edge of the message. */
function isInside(range: Range, element: HTMLElement): boolean {
  const part = range.cloneRange();
  if (!element.contains(range.startContainer)) part.setStartBefore(element);
  if (!element.contains(range.endContainer)) part.setEndAfter(element);
  return part.toString().trim() !== '';
}

/** Returns the message with the selection and the selected text; nothing for several messages. */
export function quoted(items: readonly MessageView[]): { message: MessageView; text: string } | undefined {
  const { text, seqs } = selected();
  const message = items.find((one) => one.seq === seqs[0]);
  return message && seqs.length === 1 && !message.deleted_at ? { message, text } : undefined;
}

/** Returns several selected messages as `name, time: text`; nothing for only one. */
export function copied(items: readonly MessageView[]): Copied | null {
  const { seqs } = selected();
  const messages = items.filter((one) => seqs.includes(one.seq) && one.text && !one.deleted_at);
  return messages.length > 1 ? written(messages) : null;
}
