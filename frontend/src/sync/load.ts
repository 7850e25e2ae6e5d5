/** Snapshots over REST, each with the position it was taken at. */
import { request } from '../api/http';
import type { ChatView, MemberView, MessageList } from '../api/types';
import { chat, putChats, putMembers, replaceChats } from '../store/chats';
import { fromPage, merge, trimmed, type Window, windowOf } from '../store/messages';
import { readWindow } from './cache';
import type { Engine } from './engine';

const PAGE = 50;
const HELD_MAX = 300;

interface ChatList {
  items: ChatView[];
  page: { next_cursor: string | null; epoch: number; user_ev: number };
}

interface MemberList {
  items: MemberView[];
  page: { next_cursor: string | null };
}

/** All chats anew; the engine goes on from here. */
export async function loadChats(engine: Engine, userId: number): Promise<void> {
  const chats: ChatView[] = [];
  let first: ChatList['page'] | undefined;
  let cursor: string | null = '';
  while (cursor !== null) {
    const { items, page }: ChatList = await request<ChatList>('GET', '/chats', { query: { limit: 200, cursor } });
    first ??= page;
    chats.push(...items);
    cursor = page.next_cursor;
  }
  replaceChats(chats);
  const streams = Object.fromEntries(chats.map((one) => [`chat:${one.id}`, one.at_ev ?? 0]));
  engine.start({ epoch: first?.epoch ?? 0, streams: { ...streams, [`user:${userId}`]: first?.user_ev ?? 0 } });
}

/** One chat anew, with its messages where they were loaded. */
export async function reloadChat(engine: Engine, chatId: number): Promise<void> {
  const view = await request<ChatView>('GET', `/chats/${chatId}`);
  putChats([view]);
  engine.place(`chat:${chatId}`, view.at_ev ?? 0);
  if (windowOf(chatId).value) await loadAround(engine, chatId, 'newest', true);
}

/** The messages around a place; `anew` puts them in place of what is there. */
export async function loadAround(engine: Engine, chatId: number, around: string | number, anew = false): Promise<void> {
  const page = fromPage(await fetchPage(engine, chatId, { around }));
  const window = windowOf(chatId);
  window.value = anew ? page : merge(window.value, page);
}

export async function loadBefore(engine: Engine, chatId: number): Promise<void> {
  const first = windowOf(chatId).value?.items[0];
  if (first) put(chatId, fromPage(await fetchPage(engine, chatId, { before: first.seq })), 'after');
}

export async function loadAfter(engine: Engine, chatId: number): Promise<void> {
  const last = windowOf(chatId).value?.items.at(-1);
  if (last) put(chatId, fromPage(await fetchPage(engine, chatId, { after: last.seq })), 'before');
}

function put(chatId: number, page: Window, drop: 'before' | 'after'): void {
  const window = windowOf(chatId);
  if (!page.items.length && window.value) {
    window.value = { ...window.value, ...(drop === 'after' ? { hasBefore: false } : { hasAfter: false }) };
  } else {
    window.value = trimmed(merge(window.value, page), HELD_MAX, drop);
  }
}

/** A page that is not older than what the events already told; otherwise a change in between would be lost. */
async function fetchPage(engine: Engine, chatId: number, query: Record<string, string | number>): Promise<MessageList> {
  for (let tries = 0; ; tries += 1) {
    const page = await request<MessageList>('GET', `/chats/${chatId}/messages`, { query: { ...query, limit: PAGE } });
    if (tries > 3 || page.page.at_ev >= (engine.position(`chat:${chatId}`) ?? 0)) return page;
  }
}

/** Open a chat: its kept image at once, then what the server has around the first unread message. */
export async function openWindow(engine: Engine, chatId: number): Promise<void> {
  const window = windowOf(chatId);
  const view = chat(chatId);
  // Whoever returns finds the chat as it was left; the events kept it right.
  if (window.value) return;
  const kept = await readWindow(chatId);
  const last = kept?.items.at(-1);
  // An image is good when it reaches the newest message; then the events kept it right.
  if (kept && last && view && last.seq === view.head_seq && !view.unread) {
    window.value ??= kept;
    return;
  }
  await loadAround(engine, chatId, view?.unread ? (view.read_seq ?? 0) + 1 : 'newest', true);
}

/** All members of a chat. */
export async function loadMembers(chatId: number): Promise<void> {
  const list: MemberView[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { items, page }: MemberList = await request<MemberList>('GET', `/chats/${chatId}/members`, {
      query: { limit: 200, cursor },
    });
    list.push(...items);
    cursor = page.next_cursor;
  }
  putMembers(chatId, list);
}
