/** The time that the page shows: by the server's clock, made anew each minute and when the reader returns. */
import { serverNow } from '../lib/clock';
import { computed, signal } from './signal';

const shownAt = signal(0);

/** Makes the shown times anew. */
export function tick(): void {
  shownAt.value = serverNow();
}

/** Returns the time (ms) for words like “5 minutes ago”, which change while they are shown. */
export const shownNow = (): number => Math.max(shownAt.value, serverNow());

/** The beginning (ms) of the reader's day: another one at midnight. */
export const today = computed(() => new Date(shownAt.value || serverNow()).setHours(0, 0, 0, 0));
