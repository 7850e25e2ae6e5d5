/** Shortest and longest wait between tries, ms. */
export interface Waits {
  first: number;
  most: number;
}

const USUAL: Waits = { first: 500, most: 30_000 };

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

/** Waits that end early, all at once, when somebody says so. */
export class Waker {
  private readonly waiting = new Set<() => void>();
  /** How often it was woken. */
  times = 0;

  async sleep(ms: number): Promise<void> {
    let wake = (): void => {};
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.waiting.add(wake);
    await Promise.race([sleep(ms), woken]);
    this.waiting.delete(wake);
  }

  wake(): void {
    this.times += 1;
    for (const one of this.waiting) one();
  }
}
