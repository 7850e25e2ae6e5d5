/** Answers of the server on a page: a failed request is repeated when the network returns. */
import { useCallback, useEffect, useLayoutEffect, useState } from 'preact/hooks';
import type { Problem } from '../../sync';

interface Page<T> {
  items: readonly T[];
  /** The cursor of the next page; empty at the end. */
  next: string;
}

export interface Asked<T> {
  /** Missing until the first answer. */
  answer: T | null;
  problem: Problem | null;
  isLoading: boolean;
  /** Asks again. */
  load: () => Promise<void>;
}

/** Returns what is loaded of a list, and a function that loads its next page. */
export function usePages<T>(ask: (cursor: string) => Promise<Page<T>>) {
  const [next, setNext] = useState('');
  const asked = useAsked<readonly T[]>(
    useCallback(
      async (before) => {
        const page = await ask(before ? next : '');
        setNext(page.next);
        return [...(before ?? []), ...page.items];
      },
      [ask, next],
    ),
  );
  return { ...asked, next };
}

/** Returns the answer to a question, which may build on the answer before; it is asked at once. */
export function useAsked<T>(ask: (before: T | null) => Promise<T>): Asked<T> & { put: (answer: T) => void } {
  const [answer, setAnswer] = useState<T | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [isLoading, setLoading] = useState(true);
  const load = useCallback(async (): Promise<void> => {
    setLoading(true);
    try {
      setAnswer(await ask(answer));
      setProblem(null);
    } catch (error) {
      setProblem(error as Problem);
    }
    setLoading(false);
  }, [ask, answer]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, then on demand
  useEffect(() => void load(), []);
  // With the words of the problem, not after the next paint: the network may be back by then.
  useLayoutEffect(() => {
    if (!problem) return;
    const again = (): void => void load();
    addEventListener('online', again);
    return () => removeEventListener('online', again);
  }, [problem, load]);
  return { answer, problem, isLoading, load, put: setAnswer };
}
