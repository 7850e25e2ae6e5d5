/** A list of a gallery: only what is near the screen is drawn, and nothing on the screen moves. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Spot } from '../../content/things';
import { lang } from '../../i18n';
import { monthName } from '../../lib/time';
import { placeOf } from '../../store/messages';
import type { Item } from '../../store/parts/gallery';
import css from './Gallery.module.css';
import { columnsIn, heightOf, type Measure, type Month, monthsOf, stepFrom, topOf, within } from './layout';

/** So much above and below the screen is drawn too, px. */
const BEYOND = 600;
/** Older files are loaded when so little is left below the screen, px. */
const NEAR_END = 1200;
/** The list is drawn anew when it is scrolled by so much, px. */
const STEP = 100;
const HEAD_REM = 2.25;
const RULER_REM = 10;

/** What the element that opens an item needs: one of all is a stop for Tab. */
export interface Way {
  tabIndex: 0 | -1;
  'data-way': string;
}

interface Props<T extends Item> {
  /** Tells the places apart to which a reader returns. */
  name: string;
  items: readonly T[];
  /** The height of a row, rem; without one the items are a grid of squares. */
  row?: number;
  children: (item: T, way: Way) => ComponentChildren;
  /** Drawn below everything. */
  end: ComponentChildren;
  onNearEnd: () => void;
}

export const keyOf = (one: Spot): string => `${placeOf(one)}/${one.place}`;

/** Where readers left lists, px. */
const left = new Map<string, number>();

export function List<T extends Item>({ name, items: all, row, children, end, onNearEnd }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const [{ width, height, rem }, ruler] = useSize(box);
  const [top, setTop] = useState(0);
  // What arrives while the reader is further down waits above until they return.
  const [newest, setNewest] = useState(Infinity);
  const items = useMemo(() => all.filter(({ seq }) => seq <= newest), [all, newest]);
  const measure = useMemo<Measure>(() => {
    const columns = row ? 1 : columnsIn(width);
    return { columns, row: row ? row * rem : width / columns, head: HEAD_REM * rem };
  }, [row, width, rem]);
  const months = useMemo(() => monthsOf(items, measure), [items, measure]);
  const size = heightOf(months);
  const isDrawn = width > 0 && items.length > 0;
  const scroll = (): void => {
    const now = box.current?.scrollTop ?? 0;
    left.set(name, now);
    setNewest(now < measure.head ? Infinity : Math.min(newest, items[0]?.seq ?? Infinity));
    setTop(Math.floor(now / STEP) * STEP);
  };
  useLayoutEffect(() => {
    if (isDrawn && box.current) box.current.scrollTop = left.get(name) ?? 0;
  }, [isDrawn, name]);
  useKeptPlace(box, items, months, measure);
  useEffect(() => {
    if (isDrawn && top + height + NEAR_END > size) onNearEnd();
  }, [isDrawn, top, height, size, onNearEnd]);
  const walk = useWalk(box, items, months, measure);
  const [from, to] = [top - BEYOND, top + height + BEYOND];
  return (
    <div ref={box} class={css.scroll} onScroll={scroll} {...walk.keys}>
      <i ref={ruler} class={css.ruler} />
      {isDrawn && (
        <div class={css.whole} style={{ blockSize: `${size}px` }}>
          {months.map((month) => {
            // The one with the focus stays in the page.
            const places = placesIn(month, measure, from, to, walk.at);
            if (!places.length && (month.top > to || month.top + month.size < from)) return null;
            return (
              <Named key={month.from} month={month}>
                {places.map((place) => {
                  const item = items[place];
                  if (!item) return null;
                  const way: Way = { tabIndex: place === walk.at ? 0 : -1, 'data-way': keyOf(item) };
                  return (
                    <li
                      key={keyOf(item)}
                      style={styleOf(place - month.from, measure)}
                      class={row ? css.line : css.cell}
                    >
                      {children(item, way)}
                    </li>
                  );
                })}
              </Named>
            );
          })}
        </div>
      )}
      {end}
    </div>
  );
}

/** Returns the items of a month, as places in the list, that are between two heights; and one more if it has that. */
function placesIn(month: Month, measure: Measure, top: number, bottom: number, more: number): number[] {
  const [from, to] = within(month, measure, top, bottom);
  const places = Array.from({ length: to - from }, (_, n) => from + n);
  const isElsewhere = more >= month.from && more < month.from + month.count && (more < from || more >= to);
  if (!isElsewhere) return places;
  return more < from ? [more, ...places] : [...places, more];
}

function styleOf(n: number, { columns, row, head }: Measure) {
  return {
    insetInlineStart: `${((n % columns) * 100) / columns}%`,
    insetBlockStart: `${head + Math.floor(n / columns) * row}px`,
    inlineSize: `${100 / columns}%`,
    blockSize: `${row}px`,
  };
}

function Named({ month: { at, top, size }, children }: { month: Month; children: ComponentChildren }) {
  const id = useId();
  return (
    <section class={css.month} style={{ insetBlockStart: `${top}px`, blockSize: `${size}px` }}>
      <h2 id={id}>{monthName(at, lang.value)}</h2>
      <ul aria-labelledby={id}>{children}</ul>
    </section>
  );
}

type Box = Readonly<{ current: HTMLElement | null }>;

/** Returns the size of the list and of a rem (px), and the reference to what measures the rem. */
function useSize(box: Box) {
  const ruler = useRef<HTMLElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0, rem: 16 });
  useLayoutEffect(() => {
    const [list, words] = [box.current, ruler.current];
    if (!list || !words) return;
    const look = (): void => {
      const { clientWidth: width, clientHeight: height } = list;
      setSize({ width, height, rem: words.offsetWidth / RULER_REM });
    };
    const resized = new ResizeObserver(look);
    resized.observe(list);
    resized.observe(words);
    look();
    return () => resized.disconnect();
  }, [box]);
  return [size, ruler] as const;
}

/** Keeps what is read at its place when something above it comes or goes, or the width changes. */
function useKeptPlace(box: Box, items: readonly Item[], months: readonly Month[], measure: Measure): void {
  const seen = useRef<readonly [one: Item, top: number][]>([]);
  const was = useRef(months);
  useLayoutEffect(() => {
    const scroller = box.current;
    if (!scroller) return;
    if (was.current !== months && scroller.scrollTop > 0) {
      for (const [one, top] of seen.current) {
        const place = placeIn(items, one);
        if (place < 0) continue;
        scroller.scrollTop += topOf(months, measure, place) - top;
        break;
      }
    }
    was.current = months;
    const [from, to] = [scroller.scrollTop, scroller.scrollTop + scroller.clientHeight];
    seen.current = months
      .flatMap((month) => placesIn(month, measure, from, to, -1))
      .flatMap((place) => (items[place] ? [[items[place], topOf(months, measure, place)]] : []));
  });
}

const placeIn = (items: readonly Item[], { seq, place }: Pick<Item, 'seq' | 'place'>): number =>
  items.findIndex((one) => one.seq === seq && one.place === place);

/** Moves the focus by arrows; it stays in the list when its item leaves. */
function useWalk(box: Box, items: readonly Item[], months: readonly Month[], measure: Measure) {
  const [last, setLast] = useState({ seq: 0, place: 0, at: 0, isWanted: false });
  const found = placeIn(items, last);
  const at = found < 0 ? Math.min(last.at, items.length - 1) : found;
  const isInside = useRef(false);
  const here = items[at];
  useLayoutEffect(() => {
    const isLost = isInside.current && document.activeElement === document.body;
    if (!here || !(last.isWanted || isLost)) return;
    box.current?.querySelector<HTMLElement>(`[data-way="${keyOf(here)}"]`)?.focus({ preventScroll: true });
    if (last.isWanted) setLast({ ...last, isWanted: false });
  });
  const onKeyDown = (event: KeyboardEvent): void => {
    const scroller = box.current;
    if (!scroller || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (!(event.target as Element).closest('[data-way]')) return;
    const to = stepFrom(months, measure.columns, at, event.key) ?? -1;
    const next = items[to];
    if (!next) return;
    event.preventDefault();
    const top = topOf(months, measure, to);
    if (top - measure.head < scroller.scrollTop) scroller.scrollTop = to ? top - measure.head : 0;
    else scroller.scrollTop = Math.max(scroller.scrollTop, top + measure.row - scroller.clientHeight);
    setLast({ seq: next.seq, place: next.place, at: to, isWanted: true });
  };
  const onFocusIn = ({ target }: FocusEvent): void => {
    isInside.current = true;
    const way = (target as Element).closest('li')?.querySelector<HTMLElement>('[data-way]')?.dataset.way;
    const now = items.findIndex((one) => keyOf(one) === way);
    const one = items[now];
    if (one && (one.seq !== last.seq || one.place !== last.place))
      setLast({ seq: one.seq, place: one.place, at: now, isWanted: false });
  };
  const onFocusOut = ({ relatedTarget }: FocusEvent): void => {
    if (relatedTarget instanceof Node && !box.current?.contains(relatedTarget)) isInside.current = false;
  };
  return { at, keys: { onKeyDown, onFocusIn, onFocusOut } };
}
