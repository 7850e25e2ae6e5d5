/** The kept images of chats: of a loaded chat its newest messages, of the others the image updated by events. */
import type { EventFrame } from '../api/types';
import { chatOf, step } from '../store/apply';
import { loadedChats, type Window, windowOf } from '../store/messages';
import { dropWindow, growWindow, type Kept, keepOnly } from './cache';

const changed = new Set<number>();
/** Events since the images of their chats were kept. */
const missed = new Map<number, EventFrame[]>();

/** The number of events of other streams that changed the messages of a chat. */
const turns = new Map<number, number>();

/** Rises when an event of another stream changes the messages of a chat: an earlier requested page may lack that. */
export const turnOf = (chatId: number): number => turns.get(chatId) ?? 0;

/** Notes that a chat was opened, or more of it was loaded. */
export const noteUse = (chatId: number): void => void changed.add(chatId);

/** Notes that an event was applied to the store. */
export function noteEvent(event: EventFrame): void {
  if (event.type === 'chat.left') forget(event.data.chat_id);
  if (!event.topic.startsWith('chat:')) {
    noteFromAside(chatOf(event));
    return;
  }
  const chatId = Number(event.topic.slice(5));
  if (windowOf(chatId).value) changed.add(chatId);
  // A loaded chat needs it too: its reader may be far back, and its image holds the newest messages.
  const events = missed.get(chatId);
  if (events) events.push(event);
  else missed.set(chatId, [event]);
}

/** Notes that an event of another stream changed the messages of a chat: an image cannot order it. */
function noteFromAside(chatId: number | undefined): void {
  if (chatId === undefined) return;
  turns.set(chatId, turnOf(chatId) + 1);
  forget(chatId);
  if (windowOf(chatId).value) changed.add(chatId);
}

/**
 * Returns the windows that changed, to be kept with everything else, and updates the images of other chats by the
 * events. `position` is the position of a chat's stream in the store.
 */
export function windowsToKeep(position: (topic: string) => number | undefined): Map<number, Kept> {
  const loaded = new Set(loadedChats());
  const windows = new Map<number, Kept>();
  for (const chatId of changed) {
    const window = loaded.has(chatId) ? windowOf(chatId).value : null;
    if (!window || window.hasAfter) continue;
    missed.delete(chatId);
    windows.set(chatId, { ...window, at: position(`chat:${chatId}`) ?? 0 });
  }
  changed.clear();
  for (const chatId of [...missed.keys()]) void catchUp(chatId);
  return windows;
}

/** Updates the kept image of a chat to the state of the store. */
export async function catchUp(chatId: number): Promise<void> {
  const events = missed.get(chatId);
  missed.delete(chatId);
  if (events) await growWindow(chatId, (kept) => grown(kept, events));
}

/** Drops the image of a chat that later events will not correct. */
export function forget(chatId: number): void {
  changed.delete(chatId);
  missed.delete(chatId);
  void dropWindow(chatId);
}

/** Drops images that are older than a snapshot of everything, or whose chat was left: they missed events. */
export async function trustOnly(position: (topic: string) => number | undefined): Promise<void> {
  missed.clear();
  await dropOlder(position);
}

/** Drops images that are older than these positions, or whose chat has none. */
export const dropOlder = (position: (topic: string) => number | undefined): Promise<void> =>
  keepOnly((chatId, at) => at >= (position(`chat:${chatId}`) ?? Number.POSITIVE_INFINITY));

/** Returns an image after the events that follow it; `null` if there is a gap: its messages may be deleted. */
function grown(kept: Kept, events: readonly EventFrame[]): Kept | null {
  const news = events.filter((one) => one.ev > kept.at);
  const last = news.at(-1);
  if (!last) return kept;
  if (news[0]?.ev !== kept.at + 1) return null;
  const window = news.reduce<Window>(step, kept);
  // This message did not fit on the end: the image has a hole.
  return window.hasAfter ? null : { ...window, at: last.ev };
}
