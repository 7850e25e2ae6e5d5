/**
 * The entries of the browser's history. While something is open over the page there is an extra entry with the same
 * address: the way back leads to the page under it, which closes what is on top instead of leaving the page.
 */
import { emitter } from '../../lib/emitter';
import { closeTop, isCovered, onOver } from '../../ui/over';

/** The state of an entry. */
export interface Entry {
  /** The number of steps back to the list of chats. */
  home?: number | undefined;
  /** The number of steps back to the page from which the settings were opened. */
  up?: number | undefined;
  /** The conversation without the panel, or the list of the settings' pages, is one step back. */
  isOver?: boolean | undefined;
  /** The extra entry, for what is open over the page. */
  isTop?: boolean | undefined;
}

/** Emits when the address has changed by the browser's back and forward. */
export const onArrived = emitter<void>();

let address = '';
let now: Entry = {};
/** Whether the page itself goes back: the browser does so later. */
let isMoving = false;
let after: (() => void)[] = [];

export const entry = (): Entry => now;

/** Runs a function on the entry of the page itself: at once, or when the extra entry is gone. */
export function onPage(run: () => void): void {
  if (!isMoving && !now.isTop) {
    run();
    return;
  }
  after.push(() => onPage(run));
  move(-1);
}

/** Runs a function unless the page is just going back: then it runs afterwards. */
export function settled(run: () => void): void {
  if (isMoving) after.push(() => settled(run));
  else run();
}

/** Makes an entry for an address; the extra entry becomes that of the new address. */
export const enter = (next: Entry, to: string): void => write(now.isTop ? 'replaceState' : 'pushState', next, to);

/** Changes the entry of the page itself. */
export const change = (next: Entry, to: string): void => write('replaceState', next, to);

/** Goes so many entries back from the page itself. */
export const goBack = (steps: number): void => settled(() => move(now.isTop ? -steps - 1 : -steps));

/** Follows the browser's back and forward, and what is open over the page. */
export function follow(): void {
  note();
  addEventListener('popstate', arrive);
  onOver(cover);
  // The page was loaded anew while something was open.
  if (now.isTop) move(-1);
}

function write(how: 'pushState' | 'replaceState', next: Entry, to: string): void {
  history[how](next, '', to);
  note();
}

function note(): void {
  address = location.href;
  now = (history.state ?? {}) as Entry;
}

/** Goes through the history, one way at a time. */
function move(steps: number): void {
  if (isMoving) return;
  isMoving = true;
  history.go(steps);
}

/** Adds the extra entry, or takes it away unless something else opens or another address follows at once. */
function cover(): void {
  if (isMoving || isCovered() === Boolean(now.isTop)) return;
  if (isCovered()) write('pushState', { ...now, isTop: true }, location.href);
  else
    setTimeout(() => {
      if (!isCovered() && now.isTop) move(-1);
    });
}

function arrive(): void {
  const [before, wasTop, isOwn] = [address, now.isTop, isMoving];
  note();
  isMoving = false;
  const isSame = address === before;
  if (!isOwn && wasTop && isSame && isCovered()) closeTop();
  if (!isSame) onArrived.emit();
  const waiting = after;
  after = [];
  for (const run of waiting) run();
  // A submenu leads back to its menu, and what was below is on top now: the next way back closes either.
  setTimeout(cover);
}
