/** Whether a panel takes the place of the conversation, because there is no room for both. */
import { useEffect, useState } from 'preact/hooks';

const query = (): MediaQueryList => matchMedia('(max-width: 1099.98px)');

export const isNarrow = (): boolean => query().matches;

export function useNarrow(): boolean {
  const [is, setIs] = useState(isNarrow);
  useEffect(() => {
    const all = query();
    const follow = (): void => setIs(all.matches);
    all.addEventListener('change', follow);
    return () => all.removeEventListener('change', follow);
  }, []);
  return is;
}
