/** Long polling where no socket gets through: its events reach the page and the other tabs. */
import type { EventFrame } from '../../api/types';
import { myId } from '../../store/session';
import * as poll from '../line/poll';
import { share } from '../line/tabs';
import { onOver } from '../line/token';
import { retryAll } from '../outbox';
import { reload } from '../reload';
import { engine } from '../streams';
import { connected, connecting, tellLine } from './line';

/** Load everything anew: polling begins without positions. */
export const loadPolled = (): Promise<void> => reload(engine, [`user:${myId()}`], 'polling');

/** Poll until a socket gets through, which is tried on. */
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
      // With the user's own stream all of them: history may have been rewound, and no kept image is sure.
      const reason = topics.includes(`user:${myId()}`) ? 'epoch' : 'polling';
      share({ what: 'down', frame: { type: 'resync', data: { topics, reason } } });
      engine.resync(topics, reason);
    },
    ended: onOver.emit,
  });
