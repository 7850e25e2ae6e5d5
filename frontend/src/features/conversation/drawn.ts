/** The drawn rows: at first those around the reader's place, then all, while the page has nothing else to do. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { whenIdle } from '../../lib/browser';
import type { Row } from './window';

/** No row is lower, px. */
const ROW_PX = 32;
const STEP = 50;
const IDLE_MS = 200;

export interface Drawn {
  rows: readonly Row[];
  /** Whether nothing above the drawn rows is waiting, or below them. */
  isFirst: boolean;
  isLast: boolean;
}

/** Returns the rows to draw; `at` is the key of the row at the reader's place, `undefined` is the end. */
export function useDrawn(rows: readonly Row[], at: () => string | undefined): Drawn {
  // More than fills a screen.
  const [around, setAround] = useState(() => Math.ceil(innerHeight / ROW_PX) + 5);
  const place = useRef<{ key: string | undefined } | null>(null);
  place.current ??= { key: at() };
  const { key } = place.current;
  const drawn = useMemo(() => part(rows, key, around), [rows, key, around]);
  const isAll = drawn.isFirst && drawn.isLast;
  useEffect(() => {
    // Once all were drawn, those that load later are drawn at once.
    if (around < Infinity) whenIdle(() => setAround(isAll ? Infinity : around + STEP), IDLE_MS);
  }, [around, isAll]);
  return drawn;
}

/** Returns so many rows on both sides of one; of a missing one those at the end. */
export function part(rows: readonly Row[], key: string | undefined, around: number): Drawn {
  const found = key === undefined ? -1 : rows.findIndex((row) => row.key === key);
  const middle = found < 0 ? rows.length : found;
  const [from, to] = [Math.max(0, middle - around), Math.min(rows.length, middle + around)];
  const isWhole = from === 0 && to === rows.length;
  return { rows: isWhole ? rows : rows.slice(from, to), isFirst: from === 0, isLast: to === rows.length };
}
