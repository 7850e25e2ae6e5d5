/** Checks the connection when the page is visible again, and when the network comes and goes. */
import { connection, phase } from '../../store/session';
import * as poll from '../line/poll';
import * as socket from '../line/socket';
import { leads, onNudge, probe } from '../line/tabs';
import { keepNow } from './keeping';
import { connected, tellLine } from './line';
import { resume } from './resuming';

/** The server pings every 25 s: after this long a silent socket is doubtful. */
const QUIET_MS = 30_000;

/** Tries at once when the page or the network is back; a doubtful open socket has to answer. */
function back(isInDoubt: boolean): void {
  poll.hurry();
  if (!leads()) return;
  if (!socket.isOpen()) socket.hurry();
  else if (isInDoubt || socket.quietMs() > QUIET_MS) {
    socket.prove();
    void resume().then(() => socket.isOpen() && connected());
  }
}

/** Tries to connect now, in this tab or in the leading one. */
export function tryNow(): void {
  back(true);
  probe();
}

export function start(): void {
  // Only the leading tab knows the connection; the others receive its state.
  addEventListener('online', () => {
    if (leads() && connection.value === 'offline') connection.value = 'connecting';
    back(true);
  });
  addEventListener('offline', () => {
    if (phase.value !== 'in' || !leads()) return;
    connection.value = 'offline';
    tellLine();
  });
  onNudge(() => back(false));
  addEventListener('pageshow', () => back(false));
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') back(false);
    else keepNow();
  });
}
