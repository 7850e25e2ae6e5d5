/** Asks the worker for the colours of code; a chunk of its own, loaded with the first coloured block. */

import { trustedUrl } from '../../lib/trusted';
import workerUrl from './colour.worker.ts?worker&url';
import type { Ask, Piece } from './pieces';

/** Code that takes longer stays plain, and its worker ends. */
const PATIENCE_MS = 1000;

let address = '';
let worker: Worker | null = null;
let last = 0;

/** Returns the pieces of a text in order; none if the language is unknown or the work takes too long. */
export function colour(text: string, lang: string): Promise<Piece[]> {
  // A browser creates a policy of one name only once.
  address ||= trustedUrl('colour', workerUrl);
  worker ??= new Worker(address);
  const id = ++last;
  const asked = worker;
  return new Promise((resolve) => {
    const finish = (pieces: Piece[]): void => {
      clearTimeout(timer);
      asked.removeEventListener('message', onAnswer);
      resolve(pieces);
    };
    const onAnswer = ({ data }: MessageEvent<{ id: number; pieces: Piece[] }>): void => {
      if (data.id === id) finish(data.pieces);
    };
    const timer = setTimeout(() => {
      asked.terminate();
      if (worker === asked) worker = null;
      finish([]);
    }, PATIENCE_MS);
    asked.addEventListener('message', onAnswer);
    asked.postMessage({ id, text, lang: lang.toLowerCase() } satisfies Ask);
  });
}
