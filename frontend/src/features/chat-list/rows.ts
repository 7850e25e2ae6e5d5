/** Rows of one height, of which only the visible ones are drawn: thousands cost as much as twenty. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const AROUND = 10;

/** Returns the first and the last drawn row (exclusive). */
export function span(top: number, height: number, row: number, count: number): [number, number] {
  const first = Math.max(0, Math.min(count, Math.floor(top / row)) - AROUND);
  return [first, Math.min(count, Math.ceil((top + height) / row) + AROUND)];
}

export function useRows(ref: RefObject<HTMLElement | null>, count: number, current: number): [number, number] {
  const [shown, setShown] = useState<[number, number]>([0, 2 * AROUND]);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    const look = (): void => {
      const [first, end] = span(box.scrollTop, box.clientHeight, rowHeight(box), count);
      setShown((now) => (now[0] === first && now[1] === end ? now : [first, end]));
    };
    const resized = new ResizeObserver(look);
    resized.observe(box);
    // This height depends on the density setting.
    if (box.firstElementChild) resized.observe(box.firstElementChild);
    box.addEventListener('scroll', look, { passive: true });
    look();
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', look);
    };
  }, [ref, count]);
  useEffect(() => {
    if (ref.current && current >= 0) reveal(ref.current, current);
  }, [ref, current]);
  return shown;
}

/**
 * Keeps the focus on a row that moves; when the row goes away, gives it to the row in its place. Returns the handler of
 * `focusin` for the box.
 */
export function useKeptFocus(ref: RefObject<HTMLElement | null>, ids: readonly number[]): (event: FocusEvent) => void {
  const held = useRef<{ id: number; place: number } | null>(null);
  // The effect runs before the rows change: a browser takes the focus from a moved element.
  if (!ref.current?.contains(document.activeElement)) held.current = null;
  const place = ids.indexOf(held.current?.id ?? 0);
  if (held.current && place >= 0) held.current.place = place;
  useLayoutEffect(() => {
    const box = ref.current;
    if (!held.current || !box || document.activeElement !== document.body) return;
    const next = Math.min(held.current.place, ids.length - 1);
    const row = box.querySelector<HTMLElement>(`[data-chat="${held.current.id}"]`);
    (row ?? box.querySelector<HTMLElement>(`[data-place="${next}"]`))?.focus({ preventScroll: true });
  }, [ref, ids]);
  return useCallback(({ target }: FocusEvent): void => {
    const row = (target as Element).closest<HTMLElement>('[data-chat]');
    if (row) held.current = { id: Number(row.dataset.chat), place: Number(row.dataset.place) };
  }, []);
}

/** Scrolls as little as necessary to show a row. */
export function reveal(box: HTMLElement, place: number): void {
  const row = rowHeight(box);
  const least = (place + 1) * row - box.clientHeight;
  box.scrollTop = Math.max(least, Math.min(box.scrollTop, place * row));
}

function rowHeight(box: HTMLElement): number {
  return box.querySelector('li')?.offsetHeight || 64;
}
