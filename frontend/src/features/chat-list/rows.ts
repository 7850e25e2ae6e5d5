/** Rows of one height, of which only the visible ones are drawn: thousands cost as much as twenty. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

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

/** Scrolls as little as necessary to show a row. */
export function reveal(box: HTMLElement, place: number): void {
  const row = rowHeight(box);
  const least = (place + 1) * row - box.clientHeight;
  box.scrollTop = Math.max(least, Math.min(box.scrollTop, place * row));
}

function rowHeight(box: HTMLElement): number {
  return box.querySelector('li')?.offsetHeight || 64;
}
