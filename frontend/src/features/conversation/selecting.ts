/** The selected messages, for acts on all of them at once. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { kindOf } from '../../content/kinds';
import { placeOf, removing } from '../../store/messages';

export interface Selecting {
  /** Oldest first, in their current state; without deleted ones. */
  messages: readonly MessageView[];
  seqs: ReadonlySet<number>;
  toggle: (seq: number) => void;
  /** Selects from the beginning of the selection (or else `from`) to `to`, both included. */
  extend: (from: number, to: number) => void;
  clear: () => void;
}

const none: ReadonlySet<number> = new Set();

export function useSelecting(items: readonly MessageView[]): Selecting {
  const [chosen, setChosen] = useState(none);
  const began = useRef<number | null>(null);
  const all = useRef(items);
  all.current = items;
  const hidden = removing.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is being removed is another set each time
  const messages = useMemo(
    () => items.filter((one) => chosen.has(one.seq) && isThere(one, hidden)),
    [items, chosen, hidden],
  );
  const seqs = useMemo(() => new Set(messages.map((one) => one.seq)), [messages]);
  const clear = useCallback(() => {
    began.current = null;
    setChosen(none);
  }, []);
  const toggle = useCallback((seq: number) => {
    began.current = seq;
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(seq)) next.add(seq);
      return next;
    });
  }, []);
  const extend = useCallback((from: number, to: number) => {
    began.current ??= from;
    const [first, last] = [Math.min(began.current, to), Math.max(began.current, to)];
    setChosen(new Set(all.current.map((one) => one.seq).filter((seq) => seq >= first && seq <= last)));
  }, []);
  return useMemo(() => ({ messages, seqs, toggle, extend, clear }), [messages, seqs, toggle, extend, clear]);
}

/** Says whether acts apply to a message: it has text, and its deletion is not pending. */
const isThere = (message: MessageView, hidden: ReadonlySet<string>): boolean =>
  kindOf(message).body !== undefined && !message.deleted_at && !hidden.has(placeOf(message));
