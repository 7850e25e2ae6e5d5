/** Snapshots over REST, each with its position. */
import { request } from '../api/http';
import type { ChatView, MemberView, MessageList } from '../api/types';
import { emitter } from '../lib/emitter';
import { chat, putChats, replaceChats } from '../store/chats';
import { putMembers } from '../store/members';
import { fromPage, HELD_MAX, messagesOf, type Window, windowOf } from '../store/messages';
import { dropRanges, showHeld, showRange } from '../store/ranges';
import { unreadAfter } from '../store/unread';
import { type Kept, readWindow } from './cache';
import { type Engine, sealed } from './engine';
import { catchUp, turnOf } from './images';
import { lookUp } from './people';

/** A chat was loaded anew: events of it may be missing. */
export const onReloaded = emitter<number>();

const PAGE = 50;
/** The largest chat whose members' new names the server sends. */
const CROWD = 100;

interface ChatList {
  items: ChatView[];
  page: { next_cursor: string | null; epoch: number; user_ev: number; user_seal: string | null };
}

interface MemberList {
  items: MemberView[];
  page: { next_cursor: string | null };
}

/** Loads all chats anew; the engine continues from here. */
export async function loadChats(engine: Engine, userId: number): Promise<void> {
  const chats: ChatView[] = [];
  let first: ChatList['page'] | undefined;
  let cursor: string | null = '';
  while (cursor !== null) {
    const { items, page }: ChatList = await request('GET', '/chats', { query: { limit: 200, cursor } });
    first ??= page;
    chats.push(...items);
    cursor = page.next_cursor;
  }
  replaceChats(chats);
  const streams = Object.fromEntries(chats.map((one) => [`chat:${one.id}`, sealed(one.at_ev ?? 0, one.at_seal)]));
  const mine = sealed(first?.user_ev ?? 0, first?.user_seal);
  engine.start({ epoch: first?.epoch ?? 0, streams: { ...streams, [`user:${userId}`]: mine } });
}

/** Loads one chat anew, with its messages if they were loaded; its events wait meanwhile. */
export async function reloadChat(engine: Engine, chatId: number): Promise<void> {
  engine.forget(`chat:${chatId}`);
  const view = await fetchChat(chatId);
  putChats([view]);
  engine.place(`chat:${chatId}`, sealed(view.at_ev ?? 0, view.at_seal));
  onReloaded.emit(chatId);
  const { value } = windowOf(chatId);
  if (value) dropRanges(chatId, fromPage(await sameRange(engine, chatId, value)));
}

/** Loads a view that is not older than this person's own events: they continue while it loads. */
async function fetchChat(chatId: number): Promise<ChatView> {
  for (let tries = 0; ; tries += 1) {
    const view = await request('GET', `/chats/${chatId}`);
    if (tries > 3 || view.my.rev >= (chat(chatId)?.my.rev ?? 0)) return view;
  }
}

/** Loads the range on screen again, at the reader's place; the newest one if the range is too far behind. */
async function sameRange(engine: Engine, chatId: number, { items, hasAfter }: Window): Promise<MessageList> {
  const after = (items[0]?.seq ?? 1) - 1;
  const page = await fetchPage(engine, chatId, { after, limit: HELD_MAX });
  if (page.items.length && (hasAfter || !page.page.has_after)) return page;
  return fetchPage(engine, chatId, { around: 'newest', limit: HELD_MAX });
}

/** Shows a message, the newest ones or those of a moment (ISO 8601); a loaded place needs no request. */
export async function showAround(engine: Engine, chatId: number, around: string | number): Promise<void> {
  if (!showHeld(chatId, around)) showRange(chatId, fromPage(await fetchPage(engine, chatId, { around })));
}

export async function loadBefore(engine: Engine, chatId: number): Promise<void> {
  const first = (): number | undefined => messagesOf(chatId)[0]?.seq;
  const before = first();
  if (before === undefined) return;
  const page = fromPage(await fetchPage(engine, chatId, { before }));
  if (first() === before) put(chatId, page, { hasBefore: false });
}

export async function loadAfter(engine: Engine, chatId: number): Promise<void> {
  const last = (): number | undefined => messagesOf(chatId).at(-1)?.seq;
  const after = last();
  if (after === undefined) return;
  const page = fromPage(await fetchPage(engine, chatId, { after }));
  // The range may have been trimmed meanwhile: then the page is not beside it any more.
  if (last() === after) put(chatId, page, { hasAfter: false });
}

/** Shows a page beside the range on screen; an empty one says that the history ends there. */
function put(chatId: number, page: Window, end: Partial<Window>): void {
  const window = windowOf(chatId);
  if (page.items.length) showRange(chatId, page);
  else if (window.value) window.value = { ...window.value, ...end };
}

/** Loads a page that is not older than the applied events; otherwise a change in between would be lost. */
async function fetchPage(engine: Engine, chatId: number, query: Record<string, string | number>): Promise<MessageList> {
  for (let tries = 0; ; tries += 1) {
    const turn = turnOf(chatId);
    const page = await request('GET', `/chats/${chatId}/messages`, { query: { limit: PAGE, ...query } });
    const isLate = page.page.at_ev < (engine.position(`chat:${chatId}`) ?? 0) || turnOf(chatId) > turn;
    if (tries > 3 || !isLate) return page;
  }
}

/** Opens a chat: from its kept image, or with the server's messages around the first unread one. */
export async function openWindow(engine: Engine, chatId: number): Promise<void> {
  await fillWindow(engine, chatId);
  // The server does not send new names to a large chat.
  const isCrowd = (chat(chatId)?.member_count ?? 0) > CROWD;
  if (isCrowd) lookUp(windowOf(chatId).value?.items.map((one) => one.sender_id) ?? []);
}

async function fillWindow(engine: Engine, chatId: number): Promise<void> {
  if (await showKept(engine, chatId)) return;
  showRange(chatId, fromPage(await fetchPage(engine, chatId, { around: firstUnread(chatId) ?? 'newest' })));
}

function firstUnread(chatId: number): number | null {
  const view = chat(chatId);
  return view?.my.unread ? unreadAfter(view.my) + 1 : null;
}

/** Shows a chat from its kept image; returns `false` if there is none, or not of the first unread message. */
export async function showKept(engine: Engine, chatId: number): Promise<boolean> {
  // A returning reader finds the chat as before; events have kept it current.
  if (windowOf(chatId).value) return true;
  const unread = firstUnread(chatId);
  await catchUp(chatId);
  const kept = await readWindow(chatId);
  // An older image may show deleted messages.
  const isRight = kept && kept.at >= (engine.position(`chat:${chatId}`) ?? Number.POSITIVE_INFINITY);
  if (!isRight || windowOf(chatId).value || !shows(kept, unread)) return false;
  dropRanges(chatId, kept);
  return true;
}

/** Says whether an image holds the place of the first unread message, present or future. */
function shows({ items, hasBefore }: Kept, unread: number | null): boolean {
  const [first, last] = [items[0]?.seq ?? Infinity, items.at(-1)?.seq ?? 0];
  return unread === null || ((!hasBefore || first <= unread) && unread <= last + 1);
}

/** Loads all members of a chat. */
export async function loadMembers(chatId: number): Promise<void> {
  const list: MemberView[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const { items, page }: MemberList = await request('GET', `/chats/${chatId}/members`, {
      query: { limit: 200, cursor },
    });
    list.push(...items);
    cursor = page.next_cursor;
  }
  putMembers(chatId, list);
}
