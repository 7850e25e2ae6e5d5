/** The gallery of one chat at a time: its pages are asked for, and its events followed, also while it is closed. */
import { request } from '../../api/http';
import type { ChatFile, EventFrame } from '../../api/types';
import { type Kind, type List, NONE, nextOf, withEvent, withPage } from '../../store/parts/gallery';
import { myId } from '../../store/session';
import { batch, type Signal, signal } from '../../store/signal';
import { onReloaded } from '../load';
import { lookUp } from '../people';
import { onTaken } from '../streams';

const KINDS: readonly Kind[] = ['media', 'file', 'voice', 'audio'];
const PAGE = 100;

type Lists = Readonly<Record<Kind, Signal<List>>>;

interface Gallery {
  owner: number;
  chatId: number;
  lists: Lists;
}

let held: Gallery | null = null;
let isFollowing = false;

const fresh = (chatId: number): Gallery => ({
  owner: myId(),
  chatId,
  lists: { media: signal(NONE), file: signal(NONE), voice: signal(NONE), audio: signal(NONE) },
});

/** Returns the lists of a chat: those that were shown last, or empty ones. */
export function listsOf(chatId: number): Lists {
  follow();
  if (held?.chatId !== chatId || held.owner !== myId()) held = fresh(chatId);
  return held.lists;
}

function follow(): void {
  if (isFollowing) return;
  isFollowing = true;
  onTaken(take);
  onReloaded((chatId) => {
    if (held?.chatId !== chatId) return;
    // Events are missing: what was loaded may be wrong.
    for (const one of Object.values(held.lists)) one.value = NONE;
  });
}

function take(event: EventFrame): void {
  const { lists, chatId } = held ?? {};
  if (!lists || !('chat_id' in event.data) || event.data.chat_id !== chatId) return;
  batch(() => {
    for (const kind of KINDS) lists[kind].value = withEvent(lists[kind].value, kind, event);
  });
}

/** Loads the next page of some lists of a chat: of the one that ends first. */
export async function loadOlder(chatId: number, kinds: readonly Kind[]): Promise<void> {
  const lists = listsOf(chatId);
  const kind = kinds[nextOf(kinds.map((one) => lists[one].value))];
  if (!kind) return;
  const list = lists[kind];
  const { next, paged } = list.value;
  const query = { kind, limit: PAGE, cursor: next ?? '' };
  const { items, page } = await request('GET', `/chats/${chatId}/files`, { query });
  // Unless the list was emptied meanwhile.
  if (list.value.paged === paged) list.value = withPage(list.value, items as ChatFile[], page.next_cursor ?? null);
  lookUp(new Set(items.map((one) => one.sender_id)));
}
