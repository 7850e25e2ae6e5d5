/** The selected messages, for acts on all of them at once. */
import { useCallback, useMemo, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { kindOf } from '../../content/kinds';
import { putAside, shownMessage } from '../../store/aside';
import { findMessage, messagesOf, placeOf, removing } from '../../store/messages';
import { computedList } from '../../store/signal';

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

export function useSelecting(chatId: number): Selecting {
  const [chosen, setChosen] = useState(none);
  const began = useRef<number | null>(null);
  const { value: messages } = useMemo(
    () =>
      computedList(() =>
        [...chosen]
          .sort((a, b) => a - b)
          .flatMap((seq) => shownMessage(chatId, seq) ?? [])
          .filter((one) => isThere(one, removing.value)),
      ),
    [chatId, chosen],
  );
  const seqs = useMemo(() => new Set(messages.map((one) => one.seq)), [messages]);
  const clear = useCallback(() => {
    began.current = null;
    setChosen(none);
  }, []);
  const toggle = useCallback(
    (seq: number) => {
      began.current = seq;
      keep([findMessage(chatId, seq)]);
      setChosen((before) => {
        const next = new Set(before);
        if (!next.delete(seq)) next.add(seq);
        return next;
      });
    },
    [chatId],
  );
  const extend = useCallback(
    (from: number, to: number) => {
      began.current ??= from;
      const [first, last] = [Math.min(began.current, to), Math.max(began.current, to)];
      const within = messagesOf(chatId).filter(({ seq }) => seq >= first && seq <= last);
      keep(within);
      setChosen(new Set(within.map((one) => one.seq)));
    },
    [chatId],
  );
  return useMemo(() => ({ messages, seqs, toggle, extend, clear }), [messages, seqs, toggle, extend, clear]);
}

/** Keeps messages selected that leave the window as others arrive. */
const keep = (messages: readonly (MessageView | undefined)[]): void => {
  for (const one of messages) if (one) putAside(one);
};

/** Says whether acts apply to a message: it has text, and its deletion is not pending. */
const isThere = (message: MessageView, hidden: ReadonlySet<string>): boolean =>
  kindOf(message).body !== undefined && !message.deleted_at && !hidden.has(placeOf(message));
