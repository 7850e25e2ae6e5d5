/** The same events by asking again and again: for networks that let no WebSocket through. */
import { request } from '../../api/http';
import { Problem } from '../../api/problem';
import type { EventFrame } from '../../api/types';
import { spread } from '../../lib/backoff';
import { retry, Waker } from '../../lib/retry';

const WAIT_S = 15;

interface EventPage {
  items: EventFrame[];
  page: { next_cursor: string };
  resync: string[];
}

interface Hooks {
  /** The cursor is taken: load everything, what happens from now on will be told. */
  begin(): Promise<void>;
  /** An answer came: the line is alive. */
  alive(): void;
  /** No answer came. */
  failed(): void;
  event(event: EventFrame): void;
  /** These streams must be loaded anew. */
  resync(topics: string[]): void;
  /** The session is over. */
  ended(): void;
}

const pauses = new Waker();
let turn = 0;

export const isPolling = (): boolean => turn % 2 === 1;

/** Ask until `stop`; a second call while asking changes nothing. */
export function start(hooks: Hooks): void {
  if (isPolling()) return;
  turn += 1;
  void run(turn, hooks);
}

export function stop(): void {
  if (isPolling()) turn += 1;
}

/** Ask now instead of after the wait. */
export const hurry = (): void => pauses.wake();

async function run(mine: number, hooks: Hooks): Promise<void> {
  let cursor = '';
  const isWanted = (): boolean => turn === mine;
  const once = async (): Promise<void> => {
    const page = await ask(cursor);
    if (!isWanted()) return;
    if (!cursor) await hooks.begin();
    cursor = page.page.next_cursor;
    hooks.alive();
    for (const event of page.items) hooks.event(event);
    if (!page.resync.length) return;
    // Perhaps every device learns this at the same moment: the reloads are spread.
    await pauses.sleep(spread());
    if (isWanted()) hooks.resync(page.resync);
  };
  const onFailed = (error: unknown): void => {
    if (error instanceof Problem && error.status === 401) hooks.ended();
    hooks.failed();
  };
  while (isWanted()) await retry(once, { isWanted, waker: pauses, onFailed });
}

async function ask(cursor: string): Promise<EventPage> {
  // Events are of the frames' contract, which the other one leaves open.
  return (await request('POST', '/events', { body: cursor ? { cursor, wait: WAIT_S } : {} })) as EventPage;
}
