/** How the line to the server is: one state for all rooms, which the leading tab tells the others. */
import { connection } from '../../store/session';
import { isPolling } from '../line/poll';
import { isOpen, leads, shareLine } from '../line/tabs';
import { retryAll } from '../outbox';

/** Only a connection that stays away for so long is worth a word. */
const SLOW_MS = 2000;

let slow: ReturnType<typeof setTimeout> | undefined;

/** Tell the other tabs how the line is; only the leading tab knows. */
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
