/** Handles the swipe that leads back on touch screens, as usual on a phone. */
import { useRef } from 'preact/hooks';

const FAR_PX = 80;

interface Touches {
  onTouchStart: (event: TouchEvent) => void;
  onTouchEnd: (event: TouchEvent) => void;
}

export function useSwipe(onBack: () => void): Touches {
  const from = useRef<{ x: number; y: number; selected: string } | null>(null);
  return {
    onTouchStart: (event) => {
      const [touch] = event.touches;
      const isFree = event.touches.length === 1 && !(event.target as Element).closest('pre, textarea, input');
      from.current = touch && isFree ? { x: touch.clientX, y: touch.clientY, selected: selected() } : null;
    },
    onTouchEnd: (event) => {
      const [touch] = event.changedTouches;
      const start = from.current;
      from.current = null;
      // A finger that selects text does not swipe; an older selection does not matter.
      if (!touch || !start || selected() !== start.selected || !matchMedia('(max-width: 639.98px)').matches) return;
      const isSideways = Math.abs(touch.clientY - start.y) < FAR_PX / 2;
      if (touch.clientX - start.x > FAR_PX && isSideways) onBack();
    },
  };
}

const selected = (): string => getSelection()?.toString() ?? '';
