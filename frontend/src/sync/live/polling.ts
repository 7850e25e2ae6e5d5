/** Long polling for networks that block sockets: its events reach the page and the other tabs. */
import type { EventFrame } from '../../api/types';
import { myId } from '../../store/session';
import * as poll from '../line/poll';
import { share } from '../line/tabs';
import { onOver } from '../line/token';
import { retryAll } from '../outbox';
import { reload } from '../reload';
import { engine } from '../streams';
import { connected, connecting, tellLine } from './line';

/** Loads everything anew: polling begins without positions. */
export const loadPolled = (): Promise<void> => reload(engine, [`user:${myId()}`], 'polling');

/** Polls until a socket gets through; the tries go on. */
export const startPolling = (): void =>
  poll.start({
    begin: async () => {
      await loadPolled();
      tellLine();
      retryAll();
    },
    alive: connected,
    failed: connecting,
    event: (event: EventFrame) => {
      share({ what: 'down', frame: event });
      engine.receive(event);
    },
    resync: (topics: string[]) => {
      // A lost user stream means all streams: the history may have been rewound, and kept images are unreliable.
      const reason = topics.includes(`user:${myId()}`) ? 'epoch' : 'polling';
      share({ what: 'down', frame: { type: 'resync', data: { topics, reason } } });
      engine.resync(topics, reason);
    },
    ended: onOver.emit,
  });
