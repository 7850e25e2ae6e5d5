/** The layout of a window of messages: days, authors, the unread divider. Pure. */
import type { MessageView } from '../../api/types';
import { isAlike } from '../../lib/memo';
import { dayOf } from '../../lib/time';
import type { Pending } from '../../store/messages';

const GROUP_MS = 5 * 60_000;
/** A long run begins anew at every such seq, so that its author is named on every screen; a short one does not. */
const RUN = { every: 16, least: 8 };

export type Row =
  | { kind: 'day'; key: string; at: string }
  | { kind: 'unread'; key: string; at: string }
  // `isSoon`: in the same run and minute as the row before.
  | { kind: 'message'; key: string; message: MessageView; isFirst: boolean; isSoon: boolean }
  | { kind: 'pending'; key: string; item: Pending; isFirst: boolean; isSoon: boolean };

/** The day and the moment (ms) of a message: all of a window are compared whenever one arrives. */
interface When {
  day: number;
  ms: number;
}
const whens = new WeakMap<MessageView, When>();

function whenOf(message: MessageView): When {
  const known = whens.get(message);
  if (known) return known;
  const when = { day: dayOf(message.sent_at), ms: Date.parse(message.sent_at) };
  whens.set(message, when);
  return when;
}

/**
 * Returns the rows of a window; `divider` is the read mark at the opening of the chat (0: no divider). Where earlier
 * messages are not loaded (`hasBefore`), the first run counts as a long one: they would move its rows to other runs.
 */
export function rowsOf(
  items: readonly MessageView[],
  waiting: readonly Pending[],
  divider: number,
  myId: number,
  hasBefore = false,
): Row[] {
  const rows: Row[] = [];
  let last: MessageView | undefined;
  let lastMs: number | undefined;
  let day: number | undefined;
  let isDivided = divider === 0;
  let length = hasBefore ? RUN.least : 0;
  for (const message of items) {
    const when = whenOf(message);
    const newDay = when.day !== day;
    day = when.day;
    if (newDay) rows.push({ kind: 'day', key: `day-${message.seq}`, at: message.sent_at });
    const unread = !isDivided && message.seq > divider && message.sender_id !== myId && message.kind === 'text';
    if (unread) {
      isDivided = true;
      rows.push({ kind: 'unread', key: 'unread', at: message.sent_at });
    }
    const isLong = length >= RUN.least && message.seq % RUN.every === 0;
    const isFirst = newDay || unread || isLong || !continues(last, message.sender_id, when.ms, message.kind);
    length = isFirst && last ? 1 : length + 1;
    const isSoon = !isFirst && isSameMinute(lastMs, when.ms);
    rows.push({ kind: 'message', key: `m-${message.seq}`, message, isFirst, isSoon });
    [last, lastMs] = [message, when.ms];
  }
  for (const item of waiting) {
    const before = rows.at(-1);
    const [sentOn, ms] = [dayOf(item.at), Date.parse(item.at)];
    const newDay = sentOn !== day;
    day = sentOn;
    if (newDay) rows.push({ kind: 'day', key: `day-${item.cmid}`, at: item.at });
    const isNew = before?.kind !== 'pending' && !continues(last, myId, ms, 'text');
    const isFirst = newDay || isNew || before?.kind === 'unread';
    rows.push({ kind: 'pending', key: item.cmid, item, isFirst, isSoon: !isFirst && isSameMinute(lastMs, ms) });
    lastMs = ms;
  }
  return rows;
}

/** Rows of one piece: messages of one author, or any other row alone. */
export type Rows = readonly [Row, ...Row[]];

/** Returns the rows in pieces. A piece of which nothing changed is the object that it was `before`. */
export function runsOf(rows: readonly Row[], before: readonly Rows[] = []): Rows[] {
  const runs: [Row, ...Row[]][] = [];
  for (const row of rows) {
    const isNext = 'isFirst' in row && !row.isFirst;
    if (isNext) runs.at(-1)?.push(row);
    else runs.push([row]);
  }
  const known = new Map(before.map((run) => [run[0].key, run]));
  return runs.map((run) => {
    const kept = known.get(run[0].key);
    return kept?.length === run.length && kept.every((row, place) => isAlike<Row>(row, run[place] ?? row)) ? kept : run;
  });
}

/**
 * Returns a key for each run, that of the run which had one of its rows before (`known`: by the key of the row): rows
 * come and go at both ends of a run, and it is not drawn anew for that.
 */
export function keysOf(runs: readonly Rows[], known: ReadonlyMap<string, string>): string[] {
  const taken = new Set<string>();
  for (const run of runs) {
    const found = run.map((row) => known.get(row.key)).find((key) => key !== undefined && !taken.has(key));
    const [first] = run;
    taken.add(found ?? (taken.has(first.key) ? `${first.key}, again` : first.key));
  }
  return [...taken];
}

const minute = (ms: number): number => Math.floor(ms / 60_000);
const isSameMinute = (before: number | undefined, ms: number): boolean =>
  before !== undefined && minute(before) === minute(ms);

function continues(last: MessageView | undefined, senderId: number, ms: number, kind: string): boolean {
  if (last?.kind !== 'text' || kind !== 'text' || last.sender_id !== senderId) return false;
  return ms - whenOf(last).ms < GROUP_MS;
}
