/** Where everything in the gallery is: months one below the other, in each a grid of cells of one size. Pure. */

/** The measures of a list, px. */
export interface Measure {
  columns: number;
  /** The height of a row. */
  row: number;
  /** The height of the name of a month. */
  head: number;
}

export interface Month {
  /** A moment of it (ISO 8601). */
  at: string;
  /** The place of its first item in the whole list. */
  from: number;
  count: number;
  top: number;
  size: number;
}

/** The narrowest picture in the grid, px. */
const CELL_MIN = 104;

/** Returns how many pictures are beside each other. */
export const columnsIn = (width: number): number => Math.max(3, Math.floor(width / CELL_MIN));

const monthOf = (iso: string): string => {
  const at = new Date(iso);
  return `${at.getFullYear()} ${at.getMonth()}`;
};

/** Returns the months of items that are sorted by time, in the reader's time zone. */
export function monthsOf(items: readonly { sent_at: string }[], { columns, row, head }: Measure): Month[] {
  const months: Month[] = [];
  let last = '';
  for (const [place, { sent_at: at }] of items.entries()) {
    const now = monthOf(at);
    if (now !== last) months.push({ at, from: place, count: 0, top: 0, size: 0 });
    last = now;
    const month = months.at(-1);
    if (month) month.count += 1;
  }
  let top = 0;
  for (const month of months) {
    month.top = top;
    month.size = head + Math.ceil(month.count / columns) * row;
    top += month.size;
  }
  return months;
}

export const heightOf = (months: readonly Month[]): number => {
  const last = months.at(-1);
  return last ? last.top + last.size : 0;
};

/** Returns the items of a month, as places in the list, of which something is between two heights; from, to. */
export function within(month: Month, { columns, row, head }: Measure, top: number, bottom: number): [number, number] {
  const begin = month.top + head;
  const first = Math.max(0, Math.floor((top - begin) / row));
  const end = Math.max(0, Math.ceil((bottom - begin) / row));
  const [from, to] = [first * columns, end * columns].map((one) => month.from + Math.min(month.count, one));
  return [from ?? 0, to ?? 0];
}

/** Returns the top of the row of an item. */
export function topOf(months: readonly Month[], { columns, row, head }: Measure, place: number): number {
  const month = months.find(({ from, count }) => place < from + count);
  return month ? month.top + head + Math.floor((place - month.from) / columns) * row : 0;
}

/** Returns the item that an arrow leads to from another one; months begin a row of their own. */
export function stepFrom(months: readonly Month[], columns: number, place: number, key: string): number | undefined {
  const last = (months.at(-1)?.from ?? 0) + (months.at(-1)?.count ?? 0) - 1;
  const at = months.findIndex(({ from, count }) => place < from + count);
  const month = months[at];
  if (!month) return undefined;
  const column = (place - month.from) % columns;
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowLeft':
      return Math.max(0, place - 1);
    case 'ArrowRight':
      return Math.min(last, place + 1);
    case 'ArrowUp': {
      if (place - columns >= month.from) return place - columns;
      const before = months[at - 1];
      if (!before) return place;
      const row = Math.floor((before.count - 1) / columns) * columns;
      return before.from + Math.min(row + column, before.count - 1);
    }
    case 'ArrowDown': {
      const end = month.from + month.count;
      if (place + columns < end) return place + columns;
      // A shorter last row is below too.
      if (Math.floor((place - month.from) / columns) < Math.floor((month.count - 1) / columns)) return end - 1;
      const after = months[at + 1];
      return after ? after.from + Math.min(column, after.count - 1) : place;
    }
    default:
      return undefined;
  }
}
