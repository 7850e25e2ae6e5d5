/** Applies events at most once a frame of the screen: a burst is drawn once, not with each of its messages. */
import type { ServerFrame } from '../../api/types';
import { nextFrame } from '../../lib/browser';
import { engine } from '../streams';

let held: ServerFrame[] = [];
let isWaiting = false;

/** Applies the events of a frame: at once, or with the next frame of the screen if others were just applied. */
export function take(frame: ServerFrame): void {
  held.push(frame);
  if (!isWaiting) release();
}

/** Applies the events that wait. A frame without a number, such as an answer, comes after the events before it. */
export function release(): void {
  if (!held.length) return;
  const frames = held;
  held = [];
  engine.receive(...frames);
  // A hidden page draws nothing.
  if (isWaiting || document.visibilityState !== 'visible') return;
  isWaiting = true;
  nextFrame(() => {
    isWaiting = false;
    release();
  });
}
