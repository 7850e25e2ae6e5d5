/** The keys of the whole page. */
import { useEffect, useRef } from 'preact/hooks';
import type { Context } from '../acts/act';
import { press } from '../acts/all';

export function useKeys(context: Context): void {
  const now = useRef(context);
  now.current = context;
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (document.querySelector('dialog[open]') || !press('page', now.current, event)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, []);
}
