/** The kept images of chats: of a loaded one what is on screen, of the others what the events make of them. */
import type { EventFrame } from '../api/types';
import { chatOf, step } from '../store/apply';
import { loadedChats, type Window, windowOf } from '../store/messages';
import { dropWindow, growWindow, type Kept, keepOnly } from './cache';

const changed = new Set<number>();
/** Events since the images of their chats were kept. */
const missed = new Map<number, EventFrame[]>();

/** How often events of other streams changed the messages of a chat. */
const turns = new Map<number, number>();

/** Rises when an event of another stream changes the messages of a chat: a page that was asked for before may lack that. */
export const turnOf = (chatId: number): number => turns.get(chatId) ?? 0;

/** A chat was opened, or more of it was loaded. */
export const noteUse = (chatId: number): void => void changed.add(chatId);

/** An event was applied to the store. */
export function noteEvent(event: EventFrame): void {
  if (event.type === 'chat.left') forget(event.data.chat_id);
  if (!event.topic.startsWith('chat:')) {
    noteFromAside(chatOf(event));
    return;
  }
  const chatId = Number(event.topic.slice(5));
  if (windowOf(chatId).value) changed.add(chatId);
  // Also of one that is loaded: its reader may stand far back, and its image holds the newest messages.
  const events = missed.get(chatId);
  if (events) events.push(event);
  else missed.set(chatId, [event]);
}

/** An event of another stream changed the messages of a chat: an image cannot follow it in the order of its own. */
function noteFromAside(chatId: number | undefined): void {
  if (chatId === undefined) return;
  turns.set(chatId, turnOf(chatId) + 1);
  forget(chatId);
  if (windowOf(chatId).value) changed.add(chatId);
}

/**
 * Returns the windows that changed, to be kept with everything else, and lets the images of other chats follow the events.
 * `position` is the place of a chat's stream the store stands at.
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

/** Bring the kept image of a chat to where the store stands. */
export async function catchUp(chatId: number): Promise<void> {
  const events = missed.get(chatId);
  missed.delete(chatId);
  if (events) await growWindow(chatId, (kept) => grown(kept, events));
}

/** Keep nothing of a chat that no event will put right any more. */
export function forget(chatId: number): void {
  changed.delete(chatId);
  missed.delete(chatId);
  void dropWindow(chatId);
}

/** With a snapshot of everything: images that are older, or whose chat is left, missed what happened in between. */
export async function trustOnly(position: (topic: string) => number | undefined): Promise<void> {
  missed.clear();
  await keepOnly((chatId, at) => at >= (position(`chat:${chatId}`) ?? Number.POSITIVE_INFINITY));
}

/** An image after the events that follow it; `null` when they do not: what it says may be gone. */
function grown(kept: Kept, events: readonly EventFrame[]): Kept | null {
  const news = events.filter((one) => one.ev > kept.at);
  const last = news.at(-1);
  if (!last) return kept;
  if (news[0]?.ev !== kept.at + 1) return null;
  const window = news.reduce<Window>(step, kept);
  // A message that did not fit on the end: the image has a hole.
  return window.hasAfter ? null : { ...window, at: last.ev };
}
