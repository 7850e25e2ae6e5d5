/** One thing tried until it works: waits in between with full jitter, which end early when the line is back. */
import { backoff, sleep, USUAL, type Waits } from './backoff';

const LEAST_MS = 500;

export interface Plan {
  /** Whether there is still a reason to try; asked before each try. */
  isWanted?: () => boolean;
  /** Whether repeating could help after an error; the other errors are thrown. */
  isPassing?: (error: unknown) => boolean;
  waits?: Waits;
  /** Ends the waits early. */
  waker?: Waker;
  /** Called with the error of each try that failed. */
  onFailed?: (error: unknown) => void;
}

/** Run until it works; answers what it answered, `undefined` when it was not wanted any more. */
export async function retry<T>(run: () => Promise<T>, plan: Plan = {}): Promise<T | undefined> {
  const { isWanted = () => true, isPassing = () => true, waits = USUAL, waker = new Waker(), onFailed } = plan;
  for (let tries = 0; isWanted(); ) {
    const { times } = waker;
    try {
      return await run();
    } catch (error) {
      onFailed?.(error);
      if (!isPassing(error)) throw error;
      // A try that began on a dead line says nothing about the one that came back meanwhile.
      if (times === waker.times) await waker.sleep(waitAfter(error, tries, waits));
      tries = times === waker.times ? tries + 1 : 0;
    }
  }
  return undefined;
}

/** The wait after an error, ms: at least what the server asked for. */
function waitAfter(error: unknown, tries: number, waits: Waits): number {
  const { retryAfterMs = 0 } = error as { retryAfterMs?: number };
  return Math.max(LEAST_MS, Math.min(retryAfterMs, waits.most), backoff(tries, waits));
}

/** Waits that end early, all at once. */
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
