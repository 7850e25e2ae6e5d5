/** Keeps drafts and edits in the browser, and the same in all its tabs. */
import { betweenTabs } from '../../lib/browser';
import { type Draft, drafts } from '../../store/drafts';
import { type Edit, edits } from '../../store/mine/edits';
import { myId, phase } from '../../store/session';
import { effect, type Signal } from '../../store/signal';
import { keepWords } from '../cache';

/** A change in one tab, for the other tabs of the account; without `words` they were sent, saved or deleted. */
interface Note<K, V> {
  account: number;
  key: K;
  words: V | undefined;
}

function follow<K extends number | string, V extends Draft | Edit>(name: string, all: Signal<ReadonlyMap<K, V>>): void {
  const tabs = betweenTabs(name);
  let known = all.value;
  effect(() => {
    const next = all.value;
    const account = myId();
    // Before the session the words come from the storage, after it they stay there.
    const changed = phase.value === 'in' ? new Set([...known.keys(), ...next.keys()]) : [];
    for (const key of changed) {
      const words = next.get(key);
      if (known.get(key) === words) continue;
      void keepWords(key, words);
      tabs?.postMessage({ account, key, words } satisfies Note<K, V>);
    }
    known = next;
  });
  const take = ({ account, key, words }: Note<K, V>): void => {
    if (account !== myId()) return;
    const next = new Map(known);
    if (words) next.set(key, words);
    else next.delete(key);
    // The other tab keeps it.
    known = next;
    all.value = next;
  };
  /** The changes that came while this tab was loading: what it read from the storage may be older. */
  const early: Note<K, V>[] = [];
  effect(() => {
    if (phase.value === 'in') for (const note of early.splice(0)) take(note);
  });
  tabs?.addEventListener('message', ({ data }: MessageEvent<Note<K, V>>) => {
    if (phase.value === 'in') take(data);
    else early.push(data);
  });
}

export function start(): void {
  follow('drafts', drafts);
  follow('edits', edits);
}
