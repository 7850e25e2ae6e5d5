/** Lets a row follow the finger on a phone, and acts when it is released far enough to one side. */
import { useRef, useState } from 'preact/hooks';

const FAR_PX = 80;
/** What happens then is written below the row, in at most two lines. */
const MOST_PX = 160;
/** A resting or tapping finger moves a little too. */
const STILL_PX = 10;

/** The end of the row to which the finger moves. */
type Side = 'start' | 'end';
type RowTouch = TouchEvent & { currentTarget: HTMLElement };

export function useRowSwipe(onSwiped: (to: Side) => void) {
  const from = useRef<{ x: number; y: number } | null>(null);
  const by = useRef(0);
  const [side, setSide] = useState<Side | null>(null);
  const show = (row: HTMLElement, px: number): void => {
    by.current = px;
    row.style.translate = px ? `${px}px` : '';
    setSide(px ? (px > 0 ? 'end' : 'start') : null);
  };
  const on = {
    onTouchStart: ({ touches }: TouchEvent): void => {
      const [touch] = touches;
      const isPhone = matchMedia('(max-width: 639.98px)').matches;
      from.current = touch && touches.length === 1 && isPhone ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchMove: (event: RowTouch): void => {
      const [touch] = event.touches;
      if (!touch || !from.current) return;
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y];
      // A finger that moves up or down scrolls the list.
      if (!by.current && Math.abs(y) > Math.abs(x)) from.current = null;
      else show(event.currentTarget, Math.abs(x) < STILL_PX ? 0 : Math.max(-MOST_PX, Math.min(MOST_PX, x)));
    },
    onTouchEnd: (event: RowTouch): void => {
      const px = by.current;
      from.current = null;
      show(event.currentTarget, 0);
      if (Math.abs(px) >= FAR_PX) onSwiped(px > 0 ? 'end' : 'start');
    },
    onTouchCancel: (event: RowTouch): void => {
      from.current = null;
      show(event.currentTarget, 0);
    },
  };
  return { side, on };
}
