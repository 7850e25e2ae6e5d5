/** The steps of a tab that takes or loses the lead, and the leader's connection as it sees it. */
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
  // The leader received these frames before this tab listened.
  if (isOpen) await resumeAll();
  else if (isPolling) await loadPolled();
}

export function start(): void {
  onLead(led);
  onLine(heard);
}
