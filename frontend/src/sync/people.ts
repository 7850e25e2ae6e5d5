/** People who are shown and not known, or whose names may be outdated: asked for together. */
import { request } from '../api/http';
import { isPassing } from '../api/problem';
import { retry } from '../lib/retry';
import { phase } from '../store/session';
import { onUnknown, putUsers } from '../store/users';
import { lineBack } from './line/waker';

const GATHER_MS = 50;
/** The number of people in one question. */
const MOST = 100;
/** The time that an answer is valid, also that the server knows no such person. */
const FRESH_MS = 600_000;

const wanted = new Set<number>();
const askedAt = new Map<number, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

/** Starts to look up people whose name is shown and not known. */
export function start(): void {
  onUnknown((id) => lookUp([id]));
}

/** Forgets the questions of the ended session. */
export function forget(): void {
  wanted.clear();
  askedAt.clear();
}

/** Asks for those of these people who were not asked for lately. */
export function lookUp(ids: Iterable<number>): void {
  const before = Date.now() - FRESH_MS;
  for (const id of ids) if (id > 0 && (askedAt.get(id) ?? before) <= before) wanted.add(id);
  askSoon();
}

function askSoon(): void {
  if (wanted.size) timer ??= setTimeout(() => void ask(), GATHER_MS);
}

async function ask(): Promise<void> {
  const ids = [...wanted].slice(0, MOST);
  for (const id of ids) {
    wanted.delete(id);
    askedAt.set(id, Date.now());
  }
  const once = () => request('GET', '/users', { query: { ids: ids.join(',') } });
  try {
    const found = await retry(once, { isWanted: () => phase.value === 'in', isPassing, waker: lineBack });
    putUsers(found?.items ?? []);
  } catch {
    // Refused: they are shown without a name, and asked for again after a while.
  }
  timer = undefined;
  askSoon();
}
