/** Ends the waits of all that waits for the line, as soon as it is back. */
import { Waker } from '../../lib/retry';

export const lineBack = new Waker();
