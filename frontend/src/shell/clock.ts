/** Sets the clock of the list when the next mute ends, and the clock of shown times each minute and on return. */
import { useEffect } from 'preact/hooks';
import { onCorrected, serverNow } from '../lib/clock';
import { tick } from '../store/clock';
import { clock, nextEnd } from '../store/mine/list';

/** A timer runs no further than 24 days; one a day is enough. */
const MOST_MS = 86_400_000;
const MINUTE_MS = 60_000;

export function useClock(): void {
  const [end, now] = [nextEnd.value, clock.value];
  // biome-ignore lint/correctness/useExhaustiveDependencies: a timer that ended early, or after a day, begins anew
  useEffect(() => {
    if (end === null) return;
    const timer = setTimeout(
      () => {
        clock.value = serverNow();
      },
      Math.min(Math.max(0, end - serverNow()), MOST_MS),
    );
    return () => clearTimeout(timer);
  }, [end, now]);
  useEffect(keepTime, []);
}

/** Makes the shown times anew: at each full minute, which midnight is too, on return, and for a corrected clock. */
export function keepTime(): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const again = (): void => {
    tick();
    clearTimeout(timer);
    timer = setTimeout(again, MINUTE_MS - (serverNow() % MINUTE_MS));
  };
  // A page that was asleep has missed its timers.
  const returns = ['visibilitychange', 'focus', 'pageshow', 'online'];
  for (const name of returns) addEventListener(name, again);
  const forget = onCorrected(() => {
    clock.value = serverNow();
    again();
  });
  again();
  return () => {
    forget();
    clearTimeout(timer);
    for (const name of returns) removeEventListener(name, again);
  };
}
