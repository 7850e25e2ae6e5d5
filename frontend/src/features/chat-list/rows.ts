/** Rows of one height, of which only those near the eye are drawn: thousands cost as much as twenty. */
import type { RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

const AROUND = 10;

/** The first and the last row (exclusive) that are drawn. */
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
    // Grows and shrinks with the density of the rows.
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

/** Scroll as little as it takes to show a row. */
export function reveal(box: HTMLElement, place: number): void {
  const row = rowHeight(box);
  const least = (place + 1) * row - box.clientHeight;
  box.scrollTop = Math.max(least, Math.min(box.scrollTop, place * row));
}

function rowHeight(box: HTMLElement): number {
  return box.querySelector('li')?.offsetHeight || 64;
}
