/** A part of the page that is loaded on first use: immediate from then on, tried again after a failure. */
import { useLayoutEffect, useState } from 'preact/hooks';

const kept = new Map<unknown, unknown>();
/** The number of failures of each part. */
const failures = new Map<unknown, number>();

/** Loads a part before it is needed: one that takes keys at once. */
export async function preload(load: () => Promise<unknown>): Promise<void> {
  kept.set(load, await load());
}

export interface Loaded<T> {
  /** Missing while it loads. */
  part: T | undefined;
  isFailed: boolean;
  retry: () => void;
}

export function useLoaded<T>(load: () => Promise<T>): Loaded<T> {
  const [failed, setFailed] = useState<unknown>(null);
  const [, draw] = useState({});
  const part = kept.get(load) as T | undefined;
  const isMissing = part === undefined && failed !== load;
  useLayoutEffect(() => {
    if (!isMissing) return;
    let isWanted = true;
    load().then(
      (found) => {
        kept.set(load, found);
        if (isWanted) draw({});
      },
      () => {
        failures.set(load, (failures.get(load) ?? 0) + 1);
        if (isWanted) setFailed(() => load);
      },
    );
    return () => {
      isWanted = false;
    };
  }, [load, isMissing]);
  const retry = (): void => {
    // After an upgrade the file of this page is gone for good: only a new page names the new one.
    if ((failures.get(load) ?? 0) > 1 && navigator.onLine) location.reload();
    else setFailed(null);
  };
  return { part, isFailed: part === undefined && failed === load, retry };
}
