/** The scroll position: kept while the list grows at either end, remembered per chat. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Row } from './window';

const NEAR_PX = 600;
const END_PX = 40;
const SEEN_MS = 500;

interface Anchor {
  seq: string;
  top: number;
}

interface Calls {
  before: () => Promise<void> | undefined;
  after: () => Promise<void> | undefined;
  seen: (seq: number) => void;
}

const remembered = new Map<number, Anchor | null>();

export const elementOf = (box: HTMLElement | null, seq: number): HTMLElement | null =>
  box?.querySelector<HTMLElement>(`article[data-seq="${seq}"]`) ?? null;

export function useScroll(
  ref: RefObject<HTMLDivElement | null>,
  chatId: number,
  rows: readonly Row[],
  target: number | null,
  calls: Calls,
) {
  const [isAtEnd, setAtEnd] = useState(true);
  const anchor = useRef<Anchor | null>(null);
  const isFirst = useRef(true);
  const isLoading = useRef(false);
  const mine = rows.at(-1)?.kind === 'pending' ? rows.at(-1)?.key : '';

  const toEnd = useCallback(() => {
    anchor.current = null;
    if (ref.current) ref.current.scrollTop = ref.current.scrollHeight;
  }, [ref]);

  // After every change of the rows the reader sees the same line at the same height, or the end.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows that are drawn move what is seen
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    if (isFirst.current) {
      isFirst.current = false;
      anchor.current = target ? { seq: String(target), top: 80 } : (remembered.get(chatId) ?? firstUnread(box));
    }
    restore(box, anchor.current);
  }, [ref, chatId, rows, target]);

  // The reader's own new message is always shown.
  useLayoutEffect(() => {
    if (mine) toEnd();
  }, [mine, toEnd]);

  const { before, after, seen } = calls;
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are looked at anew
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const look = (): void => {
      const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_PX;
      setAtEnd(atEnd);
      anchor.current = atEnd ? null : topmost(box);
      remembered.set(chatId, anchor.current);
      void more(box, { before, after }, isLoading);
      clearTimeout(timer);
      timer = setTimeout(() => see(box, seen), SEEN_MS);
    };
    const resized = new ResizeObserver(() => restore(box, anchor.current));
    resized.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    look();
    return () => {
      clearTimeout(timer);
      resized.disconnect();
      box.removeEventListener('scroll', look);
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ref, chatId, before, after, seen, rows]);

  return { isAtEnd, toEnd };
}

function firstUnread(box: HTMLElement): Anchor | null {
  const line = box.querySelector<HTMLElement>('[data-unread]');
  return line ? { seq: 'unread', top: 80 } : null;
}

function restore(box: HTMLElement, anchor: Anchor | null): void {
  if (!anchor) {
    box.scrollTop = box.scrollHeight;
    return;
  }
  const selector = anchor.seq === 'unread' ? '[data-unread]' : `article[data-seq="${anchor.seq}"]`;
  const element = box.querySelector<HTMLElement>(selector);
  if (element) box.scrollTop += element.getBoundingClientRect().top - box.getBoundingClientRect().top - anchor.top;
}

/** Returns the first visible message, and its distance from the top. */
function topmost(box: HTMLElement): Anchor | null {
  const { top } = box.getBoundingClientRect();
  for (const element of box.querySelectorAll<HTMLElement>('article[data-seq]')) {
    const place = element.getBoundingClientRect();
    if (place.bottom > top) return { seq: element.dataset.seq ?? '', top: place.top - top };
  }
  return null;
}

async function more(box: HTMLElement, calls: Omit<Calls, 'seen'>, isLoading: { current: boolean }): Promise<void> {
  if (isLoading.current) return;
  const isNearStart = box.scrollTop < NEAR_PX;
  const isNearEnd = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_PX;
  const load = (isNearStart && calls.before()) || (isNearEnd && calls.after());
  if (!load) return;
  isLoading.current = true;
  await load.catch(() => {});
  isLoading.current = false;
}

/** Marks messages as read that were at least half visible for half a second on a focused page. */
function see(box: HTMLElement, seen: (seq: number) => void): void {
  if (document.visibilityState !== 'visible' || !document.hasFocus()) return;
  // Hidden behind a panel.
  if (getComputedStyle(box).visibility === 'hidden') return;
  const { bottom } = box.getBoundingClientRect();
  const all = [...box.querySelectorAll<HTMLElement>('article[data-seq], [data-service]')];
  const last = all.findLast((element) => {
    const place = element.getBoundingClientRect();
    return place.top + place.height / 2 <= bottom;
  });
  if (last?.dataset.seq) seen(Number(last.dataset.seq));
}
