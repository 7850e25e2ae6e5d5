/** What the address of the installed page brings along: an entry of its menu, or words that another program shares. */
import { useEffect } from 'preact/hooks';
import { sharedWords } from '../../content/shared';
import type { Open } from '../../content/things';
import { go } from '../routes';

export function useArrival(open: Open): void {
  useEffect(() => {
    if (location.pathname !== '/' || !location.search) return;
    const given = new URLSearchParams(location.search);
    // Once: a reload brings nothing again.
    go('/', true);
    const text = sharedWords(given);
    if (text || given.has('shared')) open({ kind: 'share', text: text || null });
    else if (given.get('open') === 'new-chat') open({ kind: 'newChat' });
  }, [open]);
}
