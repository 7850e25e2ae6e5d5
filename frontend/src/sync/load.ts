/** Snapshots over REST, each with the position it was taken at. */
import { request } from '../api/http';
import type { ChatView, MemberView, MessageList } from '../api/types';
import { chat, putChats, replaceChats } from '../store/chats';
import { putMembers } from '../store/members';
import { fromPage, trimmed, type Window, windowOf } from '../store/messages';
import { dropRanges, showHeld, showRange } from '../store/ranges';
import { unreadAfter } from '../store/unread';
import { type Kept, readWindow } from './cache';
import { type Engine, sealed } from './engine';
import { catchUp, turnOf } from './images';
import { lookUp } from './people';

const PAGE = 50;
/** As many as one answer holds. */
const HELD_MAX = 200;
/** The server tells larger chats no new names of their members. */
const CROWD = 100;

interface ChatList {
  items: ChatView[];
  page: { next_cursor: string | null; epoch: number; user_ev: number; user_seal: string | null };
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

/** One chat anew, with its messages where they were loaded; what happens to it meanwhile waits. */
export async function reloadChat(engine: Engine, chatId: number): Promise<void> {
  engine.forget(`chat:${chatId}`);
  const view = await fetchChat(chatId);
  putChats([view]);
  engine.place(`chat:${chatId}`, sealed(view.at_ev ?? 0, view.at_seal));
  const { value } = windowOf(chatId);
  if (value) dropRanges(chatId, fromPage(await sameRange(engine, chatId, value)));
}

/** A view that is not older than what this person's own events already told: they go on while it is on its way. */
async function fetchChat(chatId: number): Promise<ChatView> {
  for (let tries = 0; ; tries += 1) {
    const view = await request('GET', `/chats/${chatId}`);
    if (tries > 3 || view.my.rev >= (chat(chatId)?.my.rev ?? 0)) return view;
  }
}

/** The range on screen once more, wherever in it the reader stands; the newest one where it fell too far behind. */
async function sameRange(engine: Engine, chatId: number, { items, hasAfter }: Window): Promise<MessageList> {
  const after = (items[0]?.seq ?? 1) - 1;
  const page = await fetchPage(engine, chatId, { after, limit: HELD_MAX });
  if (page.items.length && (hasAfter || !page.page.has_after)) return page;
  return fetchPage(engine, chatId, { around: 'newest', limit: HELD_MAX });
}

/** Show a message, the newest ones or those of a moment (ISO 8601); a place that is held is not loaded. */
export async function showAround(engine: Engine, chatId: number, around: string | number): Promise<void> {
  if (!showHeld(chatId, around)) showRange(chatId, fromPage(await fetchPage(engine, chatId, { around })));
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
    showRange(chatId, page);
    if (window.value) window.value = trimmed(window.value, HELD_MAX, drop);
  }
}

/** A page that is not older than what the events already told; otherwise a change in between would be lost. */
async function fetchPage(engine: Engine, chatId: number, query: Record<string, string | number>): Promise<MessageList> {
  for (let tries = 0; ; tries += 1) {
    const turn = turnOf(chatId);
    const page = await request('GET', `/chats/${chatId}/messages`, { query: { limit: PAGE, ...query } });
    const isLate = page.page.at_ev < (engine.position(`chat:${chatId}`) ?? 0) || turnOf(chatId) > turn;
    if (tries > 3 || !isLate) return page;
  }
}

/** Open a chat: from its kept image, or else with what the server has around the first unread message. */
export async function openWindow(engine: Engine, chatId: number): Promise<void> {
  await fillWindow(engine, chatId);
  // A crowd is not told of another name.
  const isCrowd = (chat(chatId)?.member_count ?? 0) > CROWD;
  if (isCrowd) lookUp(windowOf(chatId).value?.items.map((one) => one.sender_id) ?? []);
}

async function fillWindow(engine: Engine, chatId: number): Promise<void> {
  // Whoever returns finds the chat as it was left; the events kept it right.
  if (windowOf(chatId).value) return;
  const view = chat(chatId);
  const unread = view?.my.unread ? unreadAfter(view.my) + 1 : null;
  await catchUp(chatId);
  const kept = await readWindow(chatId);
  // An older image may show what was deleted since.
  const isRight = kept && kept.at >= (engine.position(`chat:${chatId}`) ?? Number.POSITIVE_INFINITY);
  if (isRight && !windowOf(chatId).value && shows(kept, unread)) dropRanges(chatId, kept);
  else showRange(chatId, fromPage(await fetchPage(engine, chatId, { around: unread ?? 'newest' })));
}

/** Whether an image holds the place where the first unread message stands, or will. */
function shows({ items, hasBefore }: Kept, unread: number | null): boolean {
  const [first, last] = [items[0]?.seq ?? Infinity, items.at(-1)?.seq ?? 0];
  return unread === null || ((!hasBefore || first <= unread) && unread <= last + 1);
}

/** All members of a chat. */
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
