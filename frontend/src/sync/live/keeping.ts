/** Keeps the image of the store in the browser. */
import { whenIdle } from '../../lib/browser';
import { allChats } from '../../store/chats';
import { me, phase } from '../../store/session';
import { effect } from '../../store/signal';
import { users } from '../../store/users';
import { keepImage } from '../cache';
import { noteEvent, noteUse, windowsToKeep } from '../images';
import { isReloading } from '../reload';
import { engine, onMoved, onTaken } from '../streams';

/** The image is copied as a whole: in a busy chat every second would cost more than the messages do. */
const KEEP_MS = 4000;
const IDLE_MS = 2000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Keeps the image a while after a change, between other work, or earlier if the page is closed. */
function keepSoon(): void {
  timer ??= setTimeout(() => whenIdle(keepNow, IDLE_MS), KEEP_MS);
}

export function keep(): void {
  stop();
  const mine = me.value;
  if (!mine || phase.value !== 'in') return;
  if (isReloading()) {
    keepSoon();
    return;
  }
  const windows = windowsToKeep(engine.position);
  const image = { me: mine, chats: allChats(), users: [...users.value.values()], cursors: engine.cursors() };
  void keepImage(image, windows);
}

/** Keeps pending changes now, as the page is about to close. */
export function keepNow(): void {
  if (timer) keep();
}

export function stop(): void {
  clearTimeout(timer);
  timer = undefined;
}

/** Notes that a chat was opened, or more of it was loaded. */
export function touch(chatId: number): void {
  noteUse(chatId);
  keepSoon();
}

export function start(): void {
  onTaken(noteEvent);
  onMoved(keepSoon);
  effect(() => {
    // Names that were asked for move no stream; those of the kept image itself are no news.
    if (users.value.size && phase.peek() === 'in') keepSoon();
  });
}
