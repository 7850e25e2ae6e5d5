/** The keys of the whole page, by place on the keyboard, so that they work on every layout. */
import { useEffect, useRef } from 'preact/hooks';
import { isEditable } from '../lib/browser';
import { chat, chatIds } from '../store/chats';

export interface Doing {
  chatId: number | null;
  show: (chatId: number) => void;
  find: (kind: 'chats' | 'commands') => void;
  markAllRead: () => void;
  help: () => void;
}

/** The chat `step` rows below (above when negative) in the list; only unread ones go around its ends. */
export function neighbour(
  ids: readonly number[],
  from: number | null,
  step: 1 | -1,
  isUnread?: (id: number) => boolean,
) {
  const start = from === null ? (step > 0 ? -1 : ids.length) : ids.indexOf(from);
  if (!isUnread) return ids[Math.max(0, Math.min(ids.length - 1, start + step))];
  for (let away = 1; away <= ids.length; away += 1) {
    const id = ids[(start + step * away + ids.length * 2) % ids.length];
    if (id !== undefined && id !== from && isUnread(id)) return id;
  }
  return undefined;
}

const isUnread = (id: number): boolean => (chat(id)?.unread ?? 0) > 0;

function commandOf(event: KeyboardEvent, doing: Doing): (() => void) | undefined {
  const isCommand = (event.ctrlKey || event.metaKey) && !event.altKey;
  if (isCommand && !event.shiftKey && event.code === 'KeyK') return () => doing.find('chats');
  if (isCommand && event.shiftKey && event.code === 'KeyP') return () => doing.find('commands');
  if (isCommand) return undefined;
  const step = ({ ArrowUp: -1, ArrowDown: 1 } as const)[event.code];
  if (event.altKey && step) {
    const next = neighbour(chatIds.value, doing.chatId, step, event.shiftKey ? isUnread : undefined);
    return () => next && doing.show(next);
  }
  if (event.shiftKey && event.code === 'Escape') return doing.markAllRead;
  if (event.key === '?' && !isEditable(event.target)) return doing.help;
  return undefined;
}

export function useKeys(doing: Doing): void {
  const now = useRef(doing);
  now.current = doing;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]')) return;
      const run = commandOf(event, now.current);
      if (!run) return;
      event.preventDefault();
      event.stopPropagation();
      run();
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
