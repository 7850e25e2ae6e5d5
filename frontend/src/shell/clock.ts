/** Sets the clock of the list when the next mute ends. */
import { useEffect } from 'preact/hooks';
import { clock, nextEnd } from '../store/mine/list';

/** A timer runs no further than 24 days; one a day is enough. */
const MOST_MS = 86_400_000;

export function useClock(): void {
  const [end, now] = [nextEnd.value, clock.value];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a timer that ended early, or after a day, begins anew
  useEffect(() => {
    if (end === null) return;
    const timer = setTimeout(
      () => {
        clock.value = Date.now();
      },
      Math.min(Math.max(0, end - Date.now()), MOST_MS),
    );
    return () => clearTimeout(timer);
  }, [end, now]);
}
