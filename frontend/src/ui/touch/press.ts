/** Notices a long press. */
import { useEffect, useRef } from 'preact/hooks';
import type { Spot } from '../place';

const REST_MS = 450;
const STILL_PX = 10;

/** Handles a long press; `within` excludes elements with a press of their own. */
export function usePress(onPress: (at: Spot) => void, within = 'a, button') {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const from = useRef<Spot>({ x: 0, y: 0 });
  const end = (): void => clearTimeout(timer.current);
  useEffect(() => () => clearTimeout(timer.current), []);
  return {
    onPointerDown: (event: PointerEvent): void => {
      end();
      if (event.pointerType === 'mouse' || !event.isPrimary || (event.target as Element).closest(within)) return;
      const { pointerType } = event;
      from.current = { x: event.clientX, y: event.clientY };
      timer.current = setTimeout(() => {
        navigator.vibrate?.(10);
        if (pointerType === 'touch') ignoreLift();
        onPress(from.current);
      }, REST_MS);
    },
    onPointerMove: (event: PointerEvent): void => {
      if (Math.hypot(event.clientX - from.current.x, event.clientY - from.current.y) > STILL_PX) end();
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}

/** Says whether the finger that pressed has not been lifted yet. */
export const isResting = (): boolean => 'resting' in document.documentElement.dataset;

/**
 * Takes the lift of the finger that rests now for no tap: what it opened may be under it. Until then style sheets know
 * it by `data-resting`.
 */
function ignoreLift(): void {
  const lifted = new AbortController();
  const { signal } = lifted;
  const { dataset } = document.documentElement;
  dataset.resting = '';
  const onEnd = (event: TouchEvent): void => {
    if (event.type === 'touchend') event.preventDefault();
    delete dataset.resting;
    lifted.abort();
  };
  for (const end of ['touchend', 'touchcancel'] as const)
    addEventListener(end, onEnd, { capture: true, passive: false, signal });
}
