/** The members of chats, as far as they were loaded. */
import type { MemberView } from '../api/types';
import { signal } from './signal';
import type { Events } from './slice';
import { putUsers } from './users';

export const members = signal<ReadonlyMap<number, readonly MemberView[]>>(new Map());

export function putMembers(chatId: number, list: readonly MemberView[]): void {
  putUsers(list.map((one) => one.user));
  members.value = new Map(members.value).set(chatId, list);
}

/** Forgets the members of a chat after an incomplete change. */
function dropMembers(chatId: number): void {
  const next = new Map(members.value);
  if (next.delete(chatId)) members.value = next;
}

/** Changes the loaded members of a chat. */
function change(chatId: number, by: (list: readonly MemberView[]) => readonly MemberView[]): void {
  const kept = members.value.get(chatId);
  if (kept) putMembers(chatId, by(kept));
}

export function addMembers(chatId: number, joined: readonly MemberView[]): void {
  const ids = new Set(joined.map((one) => one.user.id));
  change(chatId, (list) => [...list.filter((one) => !ids.has(one.user.id)), ...joined]);
}

function noteMark(chatId: number, userId: number, seq: number): void {
  const kept = members.value.get(chatId);
  const member = kept?.find((one) => one.user.id === userId);
  if (!member || (member.read_seq ?? 0) >= seq) return;
  change(chatId, (list) => list.map((one) => (one === member ? { ...one, read_seq: seq } : one)));
}

export const events = {
  'message.created': ({ kind, chat_id, sender_id, seq }) => {
    if (kind === 'text') noteMark(chat_id, sender_id, seq);
  },
  'receipt.read': ({ chat_id, user_id, seq }) => noteMark(chat_id, user_id, seq),
  'member.joined': ({ chat_id, members: joined }) => {
    putUsers(joined.map((one) => one.user));
    // Too many to be named: a screen that shows them loads them.
    if (joined.length) addMembers(chat_id, joined);
    else dropMembers(chat_id);
  },
  'member.left': ({ chat_id, user_id }) => change(chat_id, (list) => list.filter((one) => one.user.id !== user_id)),
  'member.changed': ({ chat_id, user_id, role }) =>
    change(chat_id, (list) => list.map((one) => (one.user.id === user_id ? { ...one, role } : one))),
} satisfies Events;
