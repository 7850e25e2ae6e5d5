/** Ends all waits for the connection as soon as it is back. */
import { Waker } from '../../lib/retry';

export const lineBack = new Waker();
