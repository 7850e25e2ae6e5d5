/** The state of the connection: one for all modules; the leading tab sends it to the others. */
import { connection } from '../../store/session';
import { isPolling } from '../line/poll';
import { isOpen, leads, shareLine } from '../line/tabs';
import { retryAll } from '../outbox';

/** Only a connection that stays away for this long is shown. */
const SLOW_MS = 2000;

let slow: ReturnType<typeof setTimeout> | undefined;

/** Sends the state of the connection to the other tabs; only the leading tab does. */
export function tellLine(): void {
  if (leads()) shareLine({ isOpen: isOpen(), isPolling: isPolling(), connection: connection.value });
}

export function connected(): void {
  clearTimeout(slow);
  slow = undefined;
  if (connection.value === 'online') return;
  connection.value = 'online';
  tellLine();
  retryAll();
}

export function connecting(): void {
  if (connection.value === 'offline') return;
  slow ??= setTimeout(() => {
    connection.value = navigator.onLine ? 'connecting' : 'offline';
    tellLine();
  }, SLOW_MS);
}
