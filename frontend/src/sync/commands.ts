/** Verbs of chats and messages for the screens. */
import type { Taken } from '../api/doors';
import { request } from '../api/http';
import { isPassing, Problem } from '../api/problem';
import type { MessageView, Role, Told } from '../api/types';
import { uuid } from '../lib/browser';
import { normalise } from '../lib/markup';
import { apply } from '../store/apply';
import { chat, isLarge, putChats } from '../store/chats';
import { type Draft, setDraft } from '../store/drafts';
import * as store from '../store/members';
import { windowOf } from '../store/messages';
import { itemsOf } from '../store/outbox';
import { sealed } from './engine';
import { tell } from './line/tabs';
import { touch } from './live/keeping';
import * as load from './load';
import { queue } from './outbox';
import { engine } from './streams';

const TYPING_AGAIN_MS = 4000;
/** The most messages that the server deletes at once. */
const DELETED_MAX = 100;

export { watchPeople } from './live/presence';
export { tryNow } from './live/waking';
export { again, onRefused, withdraw } from './outbox';

/** Opens a chat at a message or around the first unread one; with its members, if they are few. */
export async function openChat(chatId: number, seq: number | null = null): Promise<void> {
  if (!chat(chatId)) putChats([await request('GET', `/chats/${chatId}`)]);
  if (seq) await load.showAround(engine, chatId, seq);
  else await load.openWindow(engine, chatId);
  touch(chatId);
  await needMembers(chatId);
}

/** Loads the members of a small chat, for typed names. */
export async function needMembers(chatId: number): Promise<void> {
  if ((chat(chatId)?.member_count ?? 0) <= 200 && !store.members.value.get(chatId)) await load.loadMembers(chatId);
}

export const loadBefore = (chatId: number): Promise<void> => load.loadBefore(engine, chatId);
export async function loadAfter(chatId: number): Promise<void> {
  await load.loadAfter(engine, chatId);
  touch(chatId);
}
export const loadNewest = (chatId: number): Promise<void> => load.showAround(engine, chatId, 'newest');
export const loadMembers = load.loadMembers;

/** Loads the first message of a day (a moment in ISO 8601), or of the next day with one; returns its seq. */
export async function showDay(chatId: number, day: string): Promise<number> {
  await load.showAround(engine, chatId, day);
  const items = windowOf(chatId).value?.items ?? [];
  return (items.find((one) => one.sent_at >= day) ?? items.at(-1))?.seq ?? 1;
}

export const fetchMessage = (chatId: number, seq: number): Promise<MessageView> =>
  request('GET', `/chats/${chatId}/messages/${seq}`);

/** Returns the first message after `after` that mentions me. */
export async function mentionAfter(chatId: number, after: number): Promise<number | undefined> {
  const { items } = await request('GET', `/chats/${chatId}/mentions`, { query: { after, limit: 1 } });
  return items[0];
}

/** Sends the draft. The next one comes up at once: later typing begins the next message. */
export async function send(
  chatId: number,
  { text, replyTo, later }: Draft,
  mentions: readonly number[],
): Promise<void> {
  const message = { text: normalise(text), reply_to: replyTo, mentions };
  const kept = queue('message.send', { chat_id: chatId, client_msg_id: uuid(), ...message });
  setDraft(chatId, later);
  await kept;
}

/** Deletes messages of a chat; that can be undone for ten seconds. */
export async function remove(chatId: number, seqs: readonly number[]): Promise<void> {
  for (let from = 0; from < seqs.length; from += DELETED_MAX)
    await queue('messages.delete', { chat_id: chatId, seqs: seqs.slice(from, from + DELETED_MAX) });
}

/** Marks everything up to `seq` as read. */
export function markRead(chatId: number, seq: number): void {
  const view = chat(chatId);
  const told = itemsOf('receipt.read').filter((one) => one.data.chat_id === chatId);
  if (!view || seq <= Math.max(view.my.read_seq, ...told.map((one) => one.data.seq))) return;
  void queue('receipt.read', { chat_id: chatId, seq });
}

type State = Pick<MessageView, 'chat_id' | 'seq' | 'rev'>;

/** Saves an edit of the message in state `rev`; returns its new rev. After a refusal the state that it has is shown. */
export const edit = (state: State, text: string, mentions: readonly number[]): Promise<number> =>
  patch(state, { text: normalise(text), mentions });

/** Saves the descriptions of the files of a message, one for each, as `edit` saves its text. */
export const describe = (state: State, alts: readonly string[]): Promise<number> => patch(state, { alts });

async function patch(
  { chat_id, seq, rev }: State,
  body: Taken<`/chats/${number}/messages/${number}`, 'PATCH'>,
): Promise<number> {
  const headers = { 'if-match': `"${rev}"` };
  try {
    const message = await request('PATCH', `/chats/${chat_id}/messages/${seq}`, { body, headers });
    changed('message.edited', message);
    return message.rev;
  } catch (error) {
    if (error instanceof Problem && error.status === 412) {
      const message = await fetchMessage(chat_id, seq);
      changed(message.deleted_at ? 'message.deleted' : 'message.edited', message);
    }
    throw error;
  }
}

/** Applies the answer of a change like its event; the event itself then changes nothing. */
function changed(type: 'message.edited' | 'message.deleted', data: MessageView): void {
  apply({ type, topic: '', ev: 0, at: '', data });
}

const typed = new Map<number, number>();

/** Reports typing or recording in a chat. */
export function typingIn(chatId: number, kind: Told['typing']['kind'] = 'typing'): void {
  const now = Date.now();
  const view = chat(chatId);
  if (now - (typed.get(chatId) ?? 0) < TYPING_AGAIN_MS || (view && isLarge(view))) return;
  typed.set(chatId, now);
  tell({ type: 'typing.set', data: { chat_id: chatId, kind } });
}

/** Returns whether the server has a chat for this person, which may not be loaded yet. Throws without an answer. */
export async function seesChat(chatId: number): Promise<boolean> {
  try {
    await request('GET', `/chats/${chatId}`);
    return true;
  } catch (error) {
    if (isPassing(error)) throw error;
    return false;
  }
}

async function made(body: Taken<'/chats', 'POST'>, headers: Record<string, string> = {}): Promise<number> {
  const view = await request('POST', '/chats', { body, headers });
  if (!chat(view.id)) {
    putChats([view]);
    engine.place(`chat:${view.id}`, sealed(view.at_ev ?? 0, view.at_seal));
  }
  return view.id;
}

export const openDirect = (userId: number): Promise<number> => made({ kind: 'direct', user_id: userId });
export const openSaved = (): Promise<number> => made({ kind: 'saved' });
/** Creates a group; the same `key` creates it only once, however often a bad network repeats the request. */
export const createGroup = (name: string, ids: readonly number[], key: string): Promise<number> =>
  made({ kind: 'group', name, member_ids: ids }, { 'idempotency-key': key });

export async function setRole(chatId: number, userId: number, role: Role): Promise<void> {
  await request('PATCH', `/chats/${chatId}/members/${userId}`, { body: { role } });
}

export const removeMember = (chatId: number, userId: number): Promise<void> =>
  request('DELETE', `/chats/${chatId}/members/${userId}`);

export async function acceptInvite(code: string): Promise<number> {
  const view = await request('POST', `/invites/${encodeURIComponent(code)}/accept`);
  putChats([view]);
  engine.place(`chat:${view.id}`, sealed(view.at_ev ?? 0, view.at_seal));
  return view.id;
}

export { Problem };
