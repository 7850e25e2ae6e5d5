/** What a tab does when it takes the lead or loses it, and what it hears of the leading tab's line. */
import { connection, phase } from '../../store/session';
import { abandon } from '../line/frames';
import * as poll from '../line/poll';
import * as socket from '../line/socket';
import { type Line, onLead, onLine } from '../line/tabs';
import { restore } from '../outbox';
import { connected, connecting } from './line';
import { loadPolled } from './polling';
import { resumeAll } from './resuming';

function led(isLeading: boolean): void {
  abandon();
  if (isLeading) {
    connecting();
    socket.connect();
    if (phase.value === 'in') void restore();
  } else {
    socket.disconnect();
    poll.stop();
  }
}

async function heard({ isOpen, isPolling, connection: now }: Line): Promise<void> {
  if (!isOpen) abandon();
  if (now === 'online') connected();
  else if (now === 'connecting') connecting();
  else connection.value = now;
  // What the leader took before this tab heard it.
  if (isOpen) await resumeAll();
  else if (isPolling) await loadPolled();
}

export function start(): void {
  onLead(led);
  onLine(heard);
}
