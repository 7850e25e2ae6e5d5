/** Streams that cannot be continued are loaded anew, one reload after another, until it works. */
import { Problem } from '../api/problem';
import { retry } from '../lib/retry';
import { chat, dropChat } from '../store/chats';
import { loadedChats } from '../store/messages';
import { myId, phase } from '../store/session';
import { dropWindows } from './cache';
import type { Engine } from './engine';
import { forget, noteUse, trustOnly } from './images';
import { lineBack } from './line/waker';
import { loadChats, reloadChat } from './load';

let running = 0;
let last: Promise<void> = Promise.resolve();

/** Says whether the store is between two positions: it must not be kept now. */
export const isReloading = (): boolean => running > 0;

/** Resolves when no reload is pending. */
export const reloaded = (): Promise<void> => last;

/** Loads streams anew; for the user's own stream, everything. */
export function reload(engine: Engine, topics: readonly string[], reason: string): Promise<void> {
  running += 1;
  last = last
    .then(() => retry(() => once(engine, topics, reason), { isWanted: () => phase.value === 'in', waker: lineBack }))
    .finally(() => {
      running -= 1;
    });
  return last;
}

async function once(engine: Engine, topics: readonly string[], reason: string): Promise<void> {
  // The history was rewound: positions of images are invalid.
  if (reason === 'epoch' || reason === 'ahead') await dropWindows();
  const isAll = reason === 'epoch' || topics.some((one) => one.startsWith('user:'));
  let chats = topics.filter((one) => one.startsWith('chat:')).map((one) => Number(one.slice(5)));
  if (isAll) {
    // Later events wait for the snapshot; a snapshot older than the store would revert it.
    for (const topic of Object.keys(engine.cursors().streams)) engine.forget(topic);
    await loadChats(engine, myId());
    await trustOnly(engine.position);
    // Chats opened during the load are included: the positions are ahead of them.
    chats = loadedChats().filter(chat);
  } else if (reason === 'not_member') {
    chats.forEach(leave);
    return;
  }
  for (const id of chats) await anew(engine, id);
}

async function anew(engine: Engine, chatId: number): Promise<void> {
  try {
    // Its image may lack the events in between, which the server did not send.
    forget(chatId);
    await reloadChat(engine, chatId);
    noteUse(chatId);
  } catch (error) {
    if (!(error instanceof Problem) || error.isPassing) throw error;
    leave(chatId);
  }
}

function leave(chatId: number): void {
  dropChat(chatId);
  forget(chatId);
}
