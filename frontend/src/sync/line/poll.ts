/** The same events by long polling: for networks that block WebSockets. */
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
  /** Loads everything: the cursor is set, and later events will arrive. */
  begin(): Promise<void>;
  /** Reports an answer: the connection is alive. */
  alive(): void;
  /** Reports a missing answer. */
  failed(): void;
  event(event: EventFrame): void;
  /** Loads these streams anew. */
  resync(topics: string[]): void;
  /** Ends the session. */
  ended(): void;
}

const pauses = new Waker();
let turn = 0;

export const isPolling = (): boolean => turn % 2 === 1;

/** Polls until `stop`; a second call changes nothing. */
export function start(hooks: Hooks): void {
  if (isPolling()) return;
  turn += 1;
  void run(turn, hooks);
}

export function stop(): void {
  if (isPolling()) turn += 1;
}

/** Polls now instead of after the wait. */
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
    // Every device may learn this at the same moment: the reloads are spread over time.
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
  // Events are part of the frames' contract, which openapi.json leaves open.
  return (await request('POST', '/events', { body: cursor ? { cursor, wait: WAIT_S } : {} })) as EventPage;
}
