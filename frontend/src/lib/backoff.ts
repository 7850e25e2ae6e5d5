/** Waiting between tries: exponential with full jitter, 0.5 s to 30 s. */
export function backoff(tries: number, random = Math.random): number {
  return random() * Math.min(30_000, 500 * 2 ** Math.min(tries, 10));
}

/** A promise that resolves after some milliseconds. */
export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
