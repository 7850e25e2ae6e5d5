/** The gallery of one chat at a time: its pages are asked for, and its events followed, also while it is closed. */
import { request } from '../../api/http';
import type { ChatFile, EventFrame } from '../../api/types';
import {
  type ChatLink,
  type Item,
  type Kind,
  type List,
  linksIn,
  NONE,
  nextOf,
  withFiles,
  withLinks,
  withPage,
} from '../../store/parts/gallery';
import { myId } from '../../store/session';
import { batch, type Signal, signal } from '../../store/signal';
import { onReloaded } from '../load';
import { lookUp } from '../people';
import { onTaken } from '../streams';

const KINDS: readonly Kind[] = ['media', 'file', 'voice', 'audio'];
const PAGE = 100;

interface Gallery {
  owner: number;
  chatId: number;
  files: Readonly<Record<Kind, Signal<List>>>;
  links: Signal<List<ChatLink>>;
}

/** Some lists of a chat that are shown as one. */
export interface Feed<T extends Item> {
  lists: readonly Signal<List<T>>[];
  /** Loads the next page of the list that ends first. */
  load: () => Promise<void>;
}

let held: Gallery | null = null;
let isFollowing = false;

const fresh = (chatId: number): Gallery => ({
  owner: myId(),
  chatId,
  files: { media: signal(NONE), file: signal(NONE), voice: signal(NONE), audio: signal(NONE) },
  links: signal(NONE),
});

/** Returns the lists of a chat: those that were shown last, or empty ones. */
function galleryOf(chatId: number): Gallery {
  if (!isFollowing) {
    isFollowing = true;
    onTaken(take);
    onReloaded(drop);
  }
  if (held?.chatId !== chatId || held.owner !== myId()) held = fresh(chatId);
  return held;
}

/** Empties the lists of a chat that was loaded anew: what they had may be wrong. */
function drop(chatId: number): void {
  if (held?.chatId !== chatId) return;
  // Lists of their own: a page that was asked for before is not theirs.
  for (const one of Object.values(held.files)) one.value = { ...NONE, paged: [] };
  held.links.value = { ...NONE, paged: [] };
}

function take(event: EventFrame): void {
  if (!held || !('chat_id' in event.data) || event.data.chat_id !== held.chatId) return;
  const { files, links } = held;
  batch(() => {
    for (const kind of KINDS) files[kind].value = withFiles(files[kind].value, kind, event);
    links.value = withLinks(links.value, event);
  });
}

/** Returns the files of some kinds in a chat. */
export function filesOf(chatId: number, kinds: readonly Kind[]): Feed<ChatFile> {
  const { files } = galleryOf(chatId);
  const lists = kinds.map((one) => files[one]);
  const load = async (): Promise<void> => {
    const place = nextOf(lists.map((one) => one.value));
    const [list, kind] = [lists[place], kinds[place]];
    if (!list || !kind) return;
    await append(list, async (page) => {
      const answer = await request('GET', `/chats/${chatId}/files`, { query: { ...page, kind } });
      return { items: answer.items, next: answer.page.next_cursor };
    });
  };
  return { lists, load };
}

/** Returns the links in a chat. */
export function linksOf(chatId: number): Feed<ChatLink> {
  const { links } = galleryOf(chatId);
  const load = (): Promise<void> =>
    append(links, async (query) => {
      const answer = await request('GET', `/chats/${chatId}/links`, { query });
      return { items: answer.items.flatMap((one) => linksIn(one).reverse()), next: answer.page.next_cursor };
    });
  return { lists: [links], load };
}

interface Page<T> {
  items: readonly T[];
  next: string | null | undefined;
}

type Asking<T> = (query: { limit: number; cursor: string }) => Promise<Page<T>>;

/** Appends the next page to a list, unless the list was emptied meanwhile. */
async function append<T extends Item>(list: Signal<List<T>>, ask: Asking<T>): Promise<void> {
  const { next, paged } = list.value;
  if (next === null) return;
  const page = await ask({ limit: PAGE, cursor: next });
  if (list.value.paged === paged && list.value.next === next)
    list.value = withPage(list.value, page.items, page.next ?? null);
  lookUp(new Set(page.items.map((one) => one.sender_id)));
}
