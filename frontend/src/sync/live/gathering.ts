/**
 * Applies events at most once a frame of the screen: a burst is drawn once, not with each of its messages. Keys come
 * between: a slice of the events takes a part of a frame, and a page that draws slowly rests.
 */
import type { ServerFrame } from '../../api/types';
import { nextFrame } from '../../lib/browser';
import { batch } from '../../store/signal';
import { engine } from '../streams';

const SLICE_MS = 8;
/** The number of events between two looks at the time. */
const AT_ONCE = 20;
/** Applying a slice and drawing it takes about so long: on a slow machine it is the drawing that a key waits for. */
const DRAWN_MS = 25;
const SLICE_MOST = 200;
/** A frame that took longer is followed by a rest of the same length. */
const SLOW_MS = 34;
const REST_MS = 200;
/** So soon after a key its frame is not drawn yet: the events leave it to the key, some frames at most. */
const KEY_MS = 25;
const LEFT_MOST = 3;

let held: ServerFrame[] = [];
let isWaiting = false;
let pressedAt = Number.NEGATIVE_INFINITY;
let left = 0;
/** The number of events of the next slice, by what the last one took. */
let most = AT_ONCE;

export function start(): void {
  const press = (): void => {
    pressedAt = performance.now();
  };
  addEventListener('keydown', press, { capture: true, passive: true });
}

/** Applies the events of a frame: at once, or with the next frame of the screen if others were just applied. */
export function take(frame: ServerFrame): void {
  held.push(...(frame.type === 'batch' ? (frame.frames ?? []) : [frame]));
  if (!isWaiting) step();
}

/** Applies the events that wait. A frame without a number, such as an answer, comes after the events before it. */
export function release(): void {
  if (!held.length) return;
  const frames = held;
  held = [];
  engine.receive(...frames);
  wait();
}

/** Applies as many events as fit into a slice; a hidden page has no keys to answer. */
function step(): void {
  if (document.visibilityState !== 'visible') release();
  if (!held.length) return;
  const now = performance.now();
  left = now - pressedAt < KEY_MS && left < LEFT_MOST ? left + 1 : 0;
  if (!left) apply(now);
  wait();
}

function apply(began: number): void {
  let count = 0;
  batch(() => {
    do {
      const next = held.splice(0, Math.min(AT_ONCE, most - count));
      engine.receive(...next);
      count += next.length;
    } while (held.length && count < most && performance.now() < began + SLICE_MS);
  });
  // After the drawing, a microtask too.
  queueMicrotask(() => {
    most = sliceAfter(most, count, performance.now() - began);
  });
}

/**
 * Returns the number of events of the next slice, by the ms that `count` of them took. A few say little of many, so it
 * grows to twice as many at most.
 */
export const sliceAfter = (most: number, count: number, took: number): number =>
  Math.max(1, Math.min(Math.floor((count * DRAWN_MS) / took), 2 * most, SLICE_MOST));

/** Goes on with the next frame. A hidden page draws nothing. */
function wait(): void {
  if (isWaiting || document.visibilityState !== 'visible') return;
  isWaiting = true;
  const began = performance.now();
  const goOn = (): void => {
    isWaiting = false;
    step();
  };
  nextFrame((isFrame) => {
    const took = performance.now() - began;
    if (!isFrame || took < SLOW_MS) goOn();
    else setTimeout(goOn, Math.min(took, REST_MS));
  });
}
