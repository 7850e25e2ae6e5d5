/** A part of the page that is loaded when it is needed; without a network as soon as there is one. */
import { useEffect, useState } from 'preact/hooks';
import { retry } from '../lib/retry';

const loaded = new Map<unknown, unknown>();

/** Returns a part once it is there; `undefined` while it loads, and while it is not needed. */
export function usePart<T>(isNeeded: boolean, load: () => Promise<T>): T | undefined {
  const [, draw] = useState({});
  const part = loaded.get(load) as T | undefined;
  const isMissing = isNeeded && !part;
  useEffect(() => {
    let isWanted = isMissing;
    void retry(load, { isWanted: () => isWanted }).then((found) => {
      if (found) loaded.set(load, found);
      if (found && isWanted) draw({});
    });
    return () => {
      isWanted = false;
    };
  }, [isMissing, load]);
  return isNeeded ? part : undefined;
}
