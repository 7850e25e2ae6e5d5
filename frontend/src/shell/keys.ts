/** The keys of the whole page. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Context } from '../acts/act';
import { press } from '../acts/all';

/** Returns the context of an act on a chat: the chat of the focused row, or else the open one. */
function inRow(context: Context): Context {
  const row = document.activeElement?.closest<HTMLElement>('[data-chat]');
  return row ? { ...context, chatId: Number(row.dataset.chat) } : context;
}

export function useKeys(context: Context): void {
  const now = useRef(context);
  now.current = context;
  // Before the page is seen: the first key may follow at once.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]')) return;
      // An open menu has the focus of its row, or of a message: it is unclear which chat a key means.
      const hasMenu = document.querySelector('[role=menu]') !== null;
      if (!press('page', now.current, event) && (hasMenu || !press('chat', inRow(now.current), event))) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
