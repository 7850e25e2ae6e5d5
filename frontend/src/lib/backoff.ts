/** Shortest and longest wait between tries, ms. */
export interface Waits {
  first: number;
  most: number;
}

export const USUAL: Waits = { first: 500, most: 30_000 };

/** Waiting between tries, ms: exponential with full jitter. `tries` is how many failed before the last one. */
export function backoff(tries: number, { first, most } = USUAL, random = Math.random): number {
  return random() * Math.min(most, first * 2 ** Math.min(tries, 10));
}

const CROWD_MS = 3000;

/** Waiting where everybody is sent away at the same moment, ms: all come back, but not at once. */
export const spread = (random = Math.random): number => random() * CROWD_MS;

/** A promise that resolves after some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
