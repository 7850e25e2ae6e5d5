/** The reactive primitive; below the screens only this file imports the library. */
import { computed, type ReadonlySignal } from '@preact/signals';

export { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';

/** Returns a computed list that stays the same one until an element of it changes: its readers are not run anew. */
export function computedList<T>(make: () => readonly T[]): ReadonlySignal<readonly T[]> {
  let last: readonly T[] = [];
  return computed(() => {
    const now = make();
    if (now.length !== last.length || now.some((one, place) => one !== last[place])) last = now;
    return last;
  });
}
