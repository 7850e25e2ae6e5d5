/** Repeats one task until it works: with jittered waits in between, which end early when the connection is back. */
import { backoff, sleep, USUAL, type Waits } from './backoff';

const LEAST_MS = 500;

export interface Plan {
  /** Says whether there is still a reason to try; asked before each try. */
  isWanted?: () => boolean;
  /** Says whether repeating could help after an error; other errors are thrown. */
  isPassing?: (error: unknown) => boolean;
  /** Without: up to 30 s, up to 5 s while the page is visible. */
  waits?: Waits;
  /** Ends the waits early. */
  waker?: Waker;
  /** Receives the error of each failed try. */
  onFailed?: (error: unknown) => void;
}

/** Runs a task until it works; returns its result, `undefined` if it is not needed any more. */
export async function retry<T>(run: () => Promise<T>, plan: Plan = {}): Promise<T | undefined> {
  const { isWanted = () => true, isPassing = () => true, waits, waker = new Waker(), onFailed } = plan;
  for (let tries = 0; isWanted(); ) {
    const { times } = waker;
    try {
      return await run();
    } catch (error) {
      onFailed?.(error);
      if (!isPassing(error)) throw error;
      // A try that began on a dead connection says nothing about the new one.
      if (times === waker.times) await waker.sleep(waitAfter(error, tries, waits));
      tries = times === waker.times ? tries + 1 : 0;
    }
  }
  return undefined;
}

/** Returns the wait after an error, ms: at least what the server asked for. */
function waitAfter(error: unknown, tries: number, waits: Waits | undefined): number {
  const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
  return Math.max(LEAST_MS, Math.min(retryAfterMs, (waits ?? USUAL).most), backoff(tries, waits));
}

/** Waits that end early, all at once. */
export class Waker {
  private readonly waiting = new Set<() => void>();
  /** The number of wake-ups so far. */
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
