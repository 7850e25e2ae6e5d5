/** Loads the code of uploads when messages wait for their files, and wakes it when that may go on. */
import { retry } from '../../lib/retry';
import { isWaiting, itemsOf } from '../../store/outbox';
import { effect } from '../../store/signal';
import { leads, onLead } from '../line/tabs';
import { lineBack } from '../line/waker';
import { onWithdrawn } from '../outbox';

let loaded: Promise<typeof import('./uploads') | undefined> | undefined;

/** Loads the code once; without a network as soon as there is one. */
function code(): Promise<typeof import('./uploads') | undefined> {
  loaded ??= retry(() => import('./uploads'), { waker: lineBack });
  return loaded;
}

async function wake(): Promise<void> {
  if (loaded !== undefined || (leads() && itemsOf('message.send').some(isWaiting))) (await code())?.proceed();
}

export function start(): void {
  effect(() => {
    // Read before anything else: the effect runs with each change.
    if (itemsOf('message.send').some(({ files }) => files) || loaded !== undefined) void wake();
  });
  onLead(() => void wake());
  onWithdrawn(async (item) => (await code())?.discard(item));
}
