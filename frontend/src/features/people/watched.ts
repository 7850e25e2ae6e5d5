/** The presence of people who are not in the list of chats. */
import { useEffect } from 'preact/hooks';
import { watchPeople } from '../../sync';

/** Keeps the presence of people up to date while they are shown. */
export function useWatched(ids: readonly number[]): void {
  // Compared as text: another list of the same people is no reason to ask again.
  const all = ids.join();
  useEffect(() => (all ? watchPeople(all.split(',').map(Number)) : undefined), [all]);
}
