/** The visible part of a picture: moved and zoomed by finger, pointer, wheel and keys. */
import type { TargetedPointerEvent, TargetedWheelEvent } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/screens/pictures';
import css from './CropDialog.module.css';
import { type Crop, draw, moved, sideOf, whole, zoomed } from './crop';

type Change = (crop: Crop) => Crop;
interface Props {
  image: ImageBitmap;
  crop: Crop;
  /** Receives a function from the previous place to the next: several may come before the next drawing. */
  onChange: (change: Change) => void;
}
interface Spot {
  x: number;
  y: number;
}

/** An arrow key moves by this part of the square, + or - zooms by this factor. */
const STEP = 0.05;
const NEARER = 1.1;
const WHEEL_PX = 400;
const KEYS: Record<string, (image: ImageBitmap, crop: Crop, by: number) => Crop> = {
  ArrowLeft: (image, crop, by) => moved(image, crop, -by, 0),
  ArrowRight: (image, crop, by) => moved(image, crop, by, 0),
  ArrowUp: (image, crop, by) => moved(image, crop, 0, -by),
  ArrowDown: (image, crop, by) => moved(image, crop, 0, by),
  '+': (image, crop) => zoomed(image, crop, NEARER),
  '=': (image, crop) => zoomed(image, crop, NEARER),
  '-': (image, crop) => zoomed(image, crop, 1 / NEARER),
  Home: (image) => whole(image),
};

export function CropArea({ image, crop, onChange }: Props) {
  const ref = useRef<HTMLCanvasElement>(null);
  const [isSpoken, setSpoken] = useState(false);
  const fingers = useFingers(image, onChange);
  useLayoutEffect(() => {
    if (ref.current) draw(ref.current, image, crop);
  }, [image, crop]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const change = KEYS[event.key];
    if (!change || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    setSpoken(true);
    onChange((now) => change(image, now, sideOf(image, now) * STEP));
  };
  const onWheel = (event: TargetedWheelEvent<HTMLElement>): void => {
    event.preventDefault();
    const [u, v] = within(event.currentTarget, { x: event.clientX, y: event.clientY });
    onChange((now) => zoomed(image, now, Math.exp(-event.deltaY / WHEEL_PX), u, v));
  };
  const percent = (part: number): number => Math.round(part * 100);
  const place = t().cropPlace(percent(crop.zoom), percent(crop.x / image.width), percent(crop.y / image.height));
  return (
    <>
      <div
        class={css.frame}
        role="application"
        aria-label={t().cropArea}
        tabIndex={0}
        autofocus
        {...fingers}
        onWheel={onWheel}
        onKeyDown={onKeyDown}
      >
        <canvas ref={ref} width={640} height={640} />
      </div>
      <p class={css.spoken} role="status">
        {isSpoken && place}
      </p>
    </>
  );
}

/** Handles pointers: one finger (or the mouse) moves the picture, two also zoom. */
function useFingers(image: ImageBitmap, onChange: Props['onChange']) {
  const down = useRef(new Map<number, Spot>());
  const onPointerDown = (event: TargetedPointerEvent<HTMLElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    down.current.set(event.pointerId, { x: event.clientX, y: event.clientY });
  };
  const onPointerMove = (event: TargetedPointerEvent<HTMLElement>): void => {
    const { currentTarget, pointerId, clientX: x, clientY: y } = event;
    const before = down.current.get(pointerId);
    if (!before) return;
    down.current.set(pointerId, { x, y });
    const [other] = [...down.current].filter(([id]) => id !== pointerId).map(([, spot]) => spot);
    // Of two fingers each moves the picture by half.
    const share = (other ? 0.5 : 1) / currentTarget.clientWidth;
    const nearer = other ? apart({ x, y }, other) / Math.max(1, apart(before, other)) : 1;
    const [u, v] = within(currentTarget, other ? { x: (x + other.x) / 2, y: (y + other.y) / 2 } : { x, y });
    onChange((now) => {
      const scale = sideOf(image, now) * share;
      return zoomed(image, moved(image, now, (before.x - x) * scale, (before.y - y) * scale), nearer, u, v);
    });
  };
  const lift = ({ pointerId }: PointerEvent): void => void down.current.delete(pointerId);
  return { onPointerDown, onPointerMove, onPointerUp: lift, onPointerCancel: lift };
}

const apart = (one: Spot, other: Spot): number => Math.hypot(one.x - other.x, one.y - other.y);

/** Returns a place of the page as parts of an element's width and height. */
function within(element: Element, { x, y }: Spot): [number, number] {
  const { left, top, width, height } = element.getBoundingClientRect();
  return [(x - left) / width, (y - top) / height];
}
