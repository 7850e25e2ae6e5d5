/** Asks before the page closes while something is unsent. */

import { unsent } from '../../store/mine/unsent';
import { itemsOf, outbox } from '../../store/outbox';
import { areWordsWaiting, isKept, phase } from '../../store/session';
import { effect } from '../../store/signal';

/** Says whether closing would delay a message or, in a browser that keeps nothing, lose words. */
function isUnsent(): boolean {
  if (phase.value !== 'in') return !isKept.value && areWordsWaiting.value;
  if (!isKept.value) return outbox.value.length + unsent.value > 0;
  return itemsOf('message.send').some(({ state }) => state === 'queued' || state === 'sending');
}

const ask = (event: Event): void => event.preventDefault();

export function start(): void {
  // Only while it is needed: a page that listens is not kept for the way back.
  effect(() => {
    if (isUnsent()) addEventListener('beforeunload', ask);
    else removeEventListener('beforeunload', ask);
  });
}
