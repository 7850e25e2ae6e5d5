/** One photo as large as the page allows: enlarged and moved by keys, wheel and fingers. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../../i18n';
import { Button } from '../../../ui/Button';
import { addressOf, type Picture } from '../files';
import css from './Viewer.module.css';
import { fitted, held, NEAR, type View, WHOLE, zoomed } from './zoom';

/** A finger that moves so far goes to another photo, or closes the viewer; px. */
const FAR = 60;
/** Two taps within this time are a double tap, ms. */
const TWICE_MS = 300;
const STEP = 1.5;
/** A key moves an enlarged photo so far, px. */
const MOVE = 80;

interface Props {
  photo: Picture;
  /** Goes to the next photo (1) or to the one before (-1). */
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

const ARROWS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

export function Stage({ photo, onStep, onClose }: Props) {
  const stage = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [view, setView] = useState<View>(WHOLE);
  const [state, setState] = useState<'loading' | 'shown' | 'failed'>('loading');
  const [attempt, setAttempt] = useState(0);
  const picture = fitted(photo, size);
  const zoom = (times: number, at = { x: 0, y: 0 }): void => setView((now) => zoomed(now, times, at, picture, size));
  const move = (x: number, y: number): void =>
    setView((now) => held({ ...now, x: now.x + x, y: now.y + y }, picture, size));
  useLayoutEffect(() => {
    const box = stage.current;
    if (!box) return;
    let seen = { width: 0, height: 0 };
    const look = (): void => {
      const { clientWidth: width, clientHeight: height } = box;
      // The observer begins with the size that is known: what was enlarged by then stays so.
      if (width === seen.width && height === seen.height) return;
      seen = { width, height };
      setSize(seen);
      setView(WHOLE);
    };
    const resized = new ResizeObserver(look);
    resized.observe(box);
    look();
    return () => resized.disconnect();
  }, []);
  // Before the next key, not after the next paint: each photo has a stage of its own.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const arrow = ARROWS[event.key];
      if (event.key === '+' || event.key === '=') zoom(STEP);
      else if (event.key === '-') zoom(1 / STEP);
      else if (event.key === '0') setView(WHOLE);
      else if (arrow && view.scale > 1) move(-arrow[0] * MOVE, -arrow[1] * MOVE);
      else if (arrow?.[0]) onStep(arrow[0] > 0 ? 1 : -1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  const fingers = useFingers({
    view,
    zoom,
    move,
    toggle: (at) => zoom(view.scale > 1 ? 0 : NEAR, at),
    onStep,
    onClose,
  });
  return (
    <div
      ref={stage}
      class={css.stage}
      data-near={view.scale > 1 ? '' : undefined}
      {...fingers}
      onWheel={(event) => {
        event.preventDefault();
        zoom(2 ** (-event.deltaY / 300), pointIn(event));
      }}
    >
      <div
        class={css.picture}
        style={{
          inlineSize: `${picture.width}px`,
          blockSize: `${picture.height}px`,
          transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})`,
        }}
      >
        {/* The smaller one is there already: the list shows it. */}
        <img src={`/api/files/${photo.id}/m`} alt="" draggable={false} />
        {state !== 'failed' && (
          <img
            key={attempt}
            src={addressOf(photo)}
            alt={photo.alt}
            draggable={false}
            class={state === 'shown' ? css.shown : css.coming}
            onLoad={() => setState('shown')}
            onError={() => setState('failed')}
          />
        )}
      </div>
      {state === 'failed' && (
        <p class={css.failed} role="alert">
          {t().photoFailed}
          <Button
            onClick={() => {
              setAttempt(attempt + 1);
              setState('loading');
            }}
          >
            {t().tryAgain}
          </Button>
        </p>
      )}
    </div>
  );
}

interface Point {
  x: number;
  y: number;
}

/** Returns where a pointer is, from the middle of the stage. */
function pointIn({ clientX, clientY, currentTarget }: MouseEvent & { currentTarget: HTMLElement }): Point {
  const { left, top, width, height } = currentTarget.getBoundingClientRect();
  return { x: clientX - left - width / 2, y: clientY - top - height / 2 };
}

interface Hand {
  view: View;
  zoom: (times: number, at: Point) => void;
  move: (x: number, y: number) => void;
  /** Enlarges what is seen whole, and shows what is enlarged whole again. */
  toggle: (at: Point) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

/** Handles one pointer that moves or swipes, two that pinch, and double taps. */
function useFingers({ view, zoom, move, toggle, onStep, onClose }: Hand) {
  const down = useRef(new Map<number, Point>());
  const from = useRef<Point | null>(null);
  const tapped = useRef(0);
  const end = (event: PointerEvent & { currentTarget: HTMLElement }): void => {
    const [at, start, count] = [pointIn(event), from.current, down.current.size];
    down.current.delete(event.pointerId);
    if (count !== 1 || !start || event.type === 'pointercancel') return;
    const [x, y] = [at.x - start.x, at.y - start.y];
    from.current = null;
    if (Math.hypot(x, y) < 10) {
      const isTwice = event.timeStamp - tapped.current < TWICE_MS;
      tapped.current = isTwice ? 0 : event.timeStamp;
      if (isTwice) toggle(at);
    } else if (view.scale === 1 && event.pointerType !== 'mouse') {
      if (Math.abs(x) > FAR && Math.abs(x) > Math.abs(y)) onStep(x < 0 ? 1 : -1);
      else if (y > FAR && y > Math.abs(x)) onClose();
    }
  };
  return {
    onPointerDown: (event: PointerEvent & { currentTarget: HTMLElement }): void => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      down.current.set(event.pointerId, pointIn(event));
      // A pinch ends as no swipe.
      from.current = down.current.size === 1 ? pointIn(event) : null;
    },
    onPointerMove: (event: PointerEvent & { currentTarget: HTMLElement }): void => {
      const before = down.current.get(event.pointerId);
      if (!before) return;
      const at = pointIn(event);
      const other = [...down.current].find(([id]) => id !== event.pointerId)?.[1];
      down.current.set(event.pointerId, at);
      if (!other) {
        move(at.x - before.x, at.y - before.y);
        return;
      }
      const apart = (one: Point): number => Math.max(1, Math.hypot(one.x - other.x, one.y - other.y));
      zoom(apart(at) / apart(before), { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 });
    },
    onPointerUp: end,
    onPointerCancel: end,
  };
}
