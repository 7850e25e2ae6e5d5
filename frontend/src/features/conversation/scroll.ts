/** The scroll position: kept while the list grows at either end, remembered per chat. */
import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { notePlace } from '../../store/ranges';
import type { Row } from './window';

const NEAR_PX = 600;
const END_PX = 40;
const SEEN_MS = 500;

interface Anchor {
  seq: string;
  top: number;
}

interface Calls {
  /** Whether the newest loaded message is among the drawn ones. */
  isLast: boolean;
  before: () => Promise<void> | undefined;
  after: () => Promise<void> | undefined;
  seen: (seq: number) => void;
}

const remembered = new Map<number, Anchor | null>();

/** Returns the key of the row at which a chat opens: a message, the first unread one, or none for the end. */
export function opensAt(chatId: number, target: number | null, rows: readonly Row[]): string | undefined {
  const known = new Set(rows.map((row) => row.key));
  const seqs = [target, remembered.get(chatId)?.seq].filter((seq) => seq);
  return [...seqs.map((seq) => `m-${seq}`), 'unread'].find((key) => known.has(key));
}

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
  // The position that was measured, or to which the page moved the list: measuring there anew adds up rounding errors.
  const put = useRef(Number.NaN);
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
      anchor.current = target ? { seq: String(target), top: 80 } : (left(box, chatId) ?? firstUnread(box));
      restore(box, anchor.current);
      return;
    }
    // After everything else that changed is drawn, still before the paint: measuring in between would lay out twice.
    queueMicrotask(() => {
      if (restore(box, anchor.current)) put.current = box.scrollTop;
    });
  }, [ref, chatId, rows, target]);

  // The reader's own new message is always shown.
  useLayoutEffect(() => {
    if (mine) toEnd();
  }, [mine, toEnd]);

  const look = useLook(ref, calls, (box) => {
    const isAtEnd = (): boolean => calls.isLast && box.scrollHeight - box.scrollTop - box.clientHeight < END_PX;
    const isMoved = box.scrollTop !== put.current;
    // A list that became lower has moved its end away, not the reader.
    if (calls.isLast && !anchor.current && !isMoved && !isAtEnd()) restore(box, null);
    const atEnd = isAtEnd();
    setAtEnd(atEnd);
    if (atEnd) anchor.current = null;
    else if (!anchor.current || isMoved) anchor.current = topmost(box);
    put.current = box.scrollTop;
    remembered.set(chatId, anchor.current);
    notePlace(chatId, anchor.current && Number(anchor.current.seq));
  });
  useEffect(() => {
    const box = ref.current;
    if (!box) return;
    const resized = new ResizeObserver(() => restore(box, anchor.current));
    resized.observe(box);
    box.addEventListener('scroll', look, { passive: true });
    addEventListener('focus', look);
    document.addEventListener('visibilitychange', look);
    return () => {
      resized.disconnect();
      box.removeEventListener('scroll', look);
      removeEventListener('focus', look);
      document.removeEventListener('visibilitychange', look);
    };
  }, [ref, look]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows are looked at anew
  useEffect(() => look(), [look, rows]);

  return { isAtEnd, toEnd };
}

/**
 * Returns a function that notes the place of the list by `note`, loads what is near, and marks as read what stays
 * visible.
 */
function useLook(ref: RefObject<HTMLDivElement | null>, calls: Calls, note: (box: HTMLElement) => void): () => void {
  const isLoading = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const now = useRef({ calls, note });
  now.current = { calls, note };
  useEffect(() => () => clearTimeout(timer.current), []);
  return useCallback(() => {
    const box = ref.current;
    if (!box) return;
    now.current.note(box);
    void more(box, now.current.calls, isLoading);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => see(box, now.current.calls.seen), SEEN_MS);
  }, [ref]);
}

/** Returns where the reader left the chat, if that message is among the drawn ones. */
function left(box: HTMLElement, chatId: number): Anchor | null {
  const anchor = remembered.get(chatId);
  return anchor && elementOf(box, Number(anchor.seq)) ? anchor : null;
}

function firstUnread(box: HTMLElement): Anchor | null {
  const line = box.querySelector<HTMLElement>('[data-unread]');
  return line ? { seq: 'unread', top: 80 } : null;
}

/** Moves the list to its end, or a message to its place; returns whether it is there then, to the pixel. */
function restore(box: HTMLElement, anchor: Anchor | null): boolean {
  if (!anchor) {
    box.scrollTop = box.scrollHeight;
    return true;
  }
  const selector = anchor.seq === 'unread' ? '[data-unread]' : `article[data-seq="${anchor.seq}"]`;
  const element = box.querySelector<HTMLElement>(selector);
  if (!element) return false;
  const off = (): number => element.getBoundingClientRect().top - box.getBoundingClientRect().top - anchor.top;
  box.scrollTop += off();
  return Math.abs(off()) < 1;
}

/** Returns the first visible message, and its distance from the top; it measures few of them. */
function topmost(box: HTMLElement): Anchor | null {
  const { top } = box.getBoundingClientRect();
  const all = box.querySelectorAll<HTMLElement>('article[data-seq]');
  let [from, to] = [0, all.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((all[middle]?.getBoundingClientRect().bottom ?? 0) > top) to = middle;
    else from = middle + 1;
  }
  const first = all[from];
  return first ? { seq: first.dataset.seq ?? '', top: first.getBoundingClientRect().top - top } : null;
}

async function more(box: HTMLElement, calls: Calls, isLoading: { current: boolean }): Promise<void> {
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
