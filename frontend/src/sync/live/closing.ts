/** Asks before the page closes while something is unsent. */
import { trays } from '../../store/mine/tray';
import { unsent } from '../../store/mine/unsent';
import { itemsOf, outbox } from '../../store/outbox';
import { isKept, phase, waitingWords } from '../../store/session';
import { effect } from '../../store/signal';

/** Says whether closing would delay a message, lose chosen files or, in a browser that keeps nothing, lose words. */
function isUnsent(): boolean {
  if (phase.value !== 'in') return waitingWords.value === 'loose';
  if (!isKept.value) return outbox.value.length + unsent.value > 0;
  const isOnItsWay = itemsOf('message.send').some(
    ({ state, isLoose }) => isLoose || state === 'queued' || state === 'sending',
  );
  return isOnItsWay || trays.value.size > 0;
}

const ask = (event: Event): void => event.preventDefault();

export function start(): void {
  // Only while it is needed: a page that listens is not kept for the way back.
  effect(() => {
    if (isUnsent()) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  });
}
