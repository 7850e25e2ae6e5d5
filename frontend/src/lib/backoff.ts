/** The shortest and the longest wait between tries, ms. */
export interface Waits {
  first: number;
  most: number;
}

export const USUAL: Waits = { first: 500, most: 30_000 };

/** The waits while a person looks at the page: a server that is back is found soon. */
const WATCHED: Waits = { first: 500, most: 5000 };

/** Returns the waits for a page that is visible, or not. */
const patience = (): Waits => (globalThis.document?.visibilityState === 'visible' ? WATCHED : USUAL);

/** Returns the wait between tries, ms: exponential with full jitter. `tries` counts the failed ones before the last. */
export function backoff(tries: number, { first, most } = patience(), random = Math.random): number {
  return random() * Math.min(most, first * 2 ** Math.min(tries, 10));
}

const CROWD_MS = 3000;

/** Returns the wait after the server closed all connections at once, ms: the devices come back spread over time. */
export const spread = (random = Math.random): number => random() * CROWD_MS;

/** Returns a promise that resolves after some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
