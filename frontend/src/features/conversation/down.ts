/** The way down: back to the reply that the reader came from, then to the first unread message, then to the newest. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Open, Thing } from '../../content/things';
import { chat } from '../../store/chats';
import { windowOf } from '../../store/messages';
import { mine, readUpTo } from '../../store/mine/state';
import { myId } from '../../store/session';
import { loadNewest } from '../../sync';

export interface Down {
  /** Opens things, and notes the reply from which a quote was followed. */
  open: Open;
  /** Whether the next step leads back to a reply. */
  isBack: boolean;
  go: () => Promise<void>;
}

const none: readonly number[] = [];

export function useDown(
  ref: RefObject<HTMLElement | null>,
  chatId: number,
  openThing: Open,
  scroll: { isAtEnd: boolean; toEnd: () => void },
): Down {
  const [origins, setOrigins] = useState(none);
  // From the newest message nothing is further down.
  const isDown = scroll.isAtEnd && !windowOf(chatId).value?.hasAfter;
  useEffect(() => {
    if (isDown) setOrigins(none);
  }, [isDown]);
  const open = useCallback(
    (thing: Thing): void => {
      const from = thing.kind === 'chat' && thing.chatId === chatId ? thing.from : undefined;
      if (from) setOrigins((before) => [...before, from]);
      openThing(thing);
    },
    [chatId, openThing],
  );
  const go = async (): Promise<void> => {
    const seen = lastSeen(ref.current);
    const back = origins.findLast((seq) => seq > seen);
    setOrigins(back ? origins.slice(0, origins.lastIndexOf(back)) : none);
    const next = back ?? unreadBelow(chatId, seen);
    if (next) return openThing({ kind: 'chat', chatId, seq: next });
    if (windowOf(chatId).value?.hasAfter) await loadNewest(chatId);
    scroll.toEnd();
  };
  return { open, isBack: origins.length > 0, go };
}

/** Returns the seq of the last message on the screen. */
function lastSeen(box: HTMLElement | null): number {
  const { bottom } = box?.getBoundingClientRect() ?? { bottom: 0 };
  const all = [...(box?.querySelectorAll<HTMLElement>('article[data-seq]') ?? [])];
  return Number(all.findLast((one) => one.getBoundingClientRect().top < bottom)?.dataset.seq ?? 0);
}

/** Returns the first unread message unless it is on the screen or the next one; then the way leads to the newest. */
function unreadBelow(chatId: number, seen: number): number | undefined {
  const view = chat(chatId);
  if (!view || !mine(view).unread) return undefined;
  const read = readUpTo(view);
  const items = windowOf(chatId).value?.items ?? [];
  const isKnown = (items.at(-1)?.seq ?? 0) > read;
  const found = items.find((one) => one.seq > read && one.sender_id !== myId() && one.kind === 'text');
  const first = isKnown ? found?.seq : read + 1;
  return first && first > seen + 1 ? first : undefined;
}
