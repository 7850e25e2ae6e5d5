/** Lets an element follow the finger on a phone, and acts when it is released far enough to one side. */
import { useRef, useState } from 'preact/hooks';

const FAR_PX = 80;
/** What happens then is written below a row, in at most two lines. */
const MOST_PX = 160;
/** A resting or tapping finger moves a little too. */
const STILL_PX = 10;

/** The end of the element to which the finger moves. */
type Side = 'start' | 'end';
type Touched = TouchEvent & { currentTarget: HTMLElement };

const BOTH: readonly Side[] = ['start', 'end'];

/** Handles a drag to one of the sides; the element does not move to another one. */
export function useDrag(onDragged: (to: Side) => void, sides = BOTH) {
  const from = useRef<{ x: number; y: number } | null>(null);
  const by = useRef(0);
  const [side, setSide] = useState<Side | null>(null);
  const show = (element: HTMLElement, px: number): void => {
    const to = px > 0 ? 'end' : 'start';
    const isMoved = px !== 0 && sides.includes(to);
    by.current = isMoved ? px : 0;
    element.style.translate = isMoved ? `${px}px` : '';
    setSide(isMoved ? to : null);
  };
  const on = {
    onTouchStart: ({ touches, target }: TouchEvent): void => {
      const [touch] = touches;
      // Code scrolls sideways by itself, and so does the knob of a slider.
      const isFree =
        touches.length === 1 &&
        !(target as Element).closest('pre, input, video[controls]') &&
        getSelection()?.isCollapsed;
      const isPhone = matchMedia('(max-width: 639.98px)').matches;
      from.current = touch && isFree && isPhone ? { x: touch.clientX, y: touch.clientY } : null;
    },
    onTouchMove: (event: Touched): void => {
      const [touch] = event.touches;
      if (!touch || !from.current) return;
      const [x, y] = [touch.clientX - from.current.x, touch.clientY - from.current.y];
      // A finger that moves up or down scrolls the list.
      if (!by.current && Math.abs(y) > Math.abs(x)) from.current = null;
      else show(event.currentTarget, Math.abs(x) < STILL_PX ? 0 : Math.max(-MOST_PX, Math.min(MOST_PX, x)));
    },
    onTouchEnd: (event: Touched): void => {
      const px = by.current;
      from.current = null;
      show(event.currentTarget, 0);
      if (Math.abs(px) >= FAR_PX) onDragged(px > 0 ? 'end' : 'start');
    },
    onTouchCancel: (event: Touched): void => {
      from.current = null;
      show(event.currentTarget, 0);
    },
  };
  return { side, on };
}
