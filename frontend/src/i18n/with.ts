/** Words of parts that are loaded late: each brings its own, in both languages, so that no word is missing. */
import { t } from '.';
import { en, type Messages } from './locales/en';

/** Returns a reader of the words of all screens together with those of one part: `t().send`, `t().signOut`. */
export function wordsWith<T extends object>(english: T, russian: T): () => Messages & T {
  let base: Messages | undefined;
  let all: Messages & T;
  return () => {
    const now = t();
    if (now !== base) {
      base = now;
      all = { ...now, ...(now === en ? english : russian) };
    }
    return all;
  };
}
