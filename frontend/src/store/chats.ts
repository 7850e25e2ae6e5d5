/** Chats: one signal each, and the people typing in them. */
import type { ChatView, MemberState, MessageTold, Told, UserRead } from '../api/types';
import { newer, viewOf } from './messages';
import { myId } from './session';
import { batch, type Signal, signal } from './signal';
import type { Events } from './slice';
import { countAfter, laterOf, noteOwn, startCount } from './unread';
import { putUsers } from './users';

const known = signal<ReadonlyMap<number, Signal<ChatView>>>(new Map());
/** What a person does in a chat; each frame of the server says so anew. */
type Doing = Pick<Told['typing'], 'kind'>;
/** The people who are typing or recording in a chat, by their ids. */
export const typing = signal<ReadonlyMap<number, ReadonlyMap<number, Doing>>>(new Map());

export const chatSignal = (id: number): Signal<ChatView> | undefined => known.value.get(id);
export const chat = (id: number): ChatView | undefined => known.value.get(id)?.value;
/** The largest chat whose members' marks and typing the server sends. */
const NAMED_MAX = 100;
export const isLarge = (view: ChatView): boolean => view.member_count > NAMED_MAX;
export const allChats = (): ChatView[] => [...known.value.values()].map((one) => one.value);

/** Stores many chats at once: the order changes only once. */
export function putChats(views: readonly ChatView[]): void {
  batch(() => {
    const next = new Map(known.value);
    for (const view of views) {
      startCount(view.id, view.at_ev);
      const kept = next.get(view.id);
      if (kept) kept.value = view;
      else next.set(view.id, signal(view));
    }
    if (next.size > known.value.size) known.value = next;
    putUsers(views.flatMap((one) => one.peer ?? []));
  });
}

export function replaceChats(views: readonly ChatView[]): void {
  batch(() => {
    const ids = new Set(views.map((one) => one.id));
    known.value = new Map([...known.value].filter(([id]) => ids.has(id)));
    putChats(views);
  });
}

export function dropChat(id: number): void {
  const next = new Map(known.value);
  next.delete(id);
  known.value = next;
}

export function changeChat(id: number, change: (view: ChatView) => Partial<ChatView>): void {
  const kept = known.value.get(id);
  if (kept) kept.value = { ...kept.value, ...change(kept.value) };
}

/** Applies a new message: head, last line, counts and read marks of its chat. Repeating it changes nothing. */
function noteMessage(message: MessageTold, ev: number): void {
  const isMine = message.sender_id === myId();
  const counts = message.kind === 'text';
  if (counts && isMine) noteOwn(message, ev);
  changeChat(message.chat_id, (view) => {
    const isNew = message.seq > (view.head_seq ?? 0);
    if (!isNew) return {};
    const change: Partial<ChatView> = { head_seq: message.seq, last_message: viewOf(message) };
    if (counts && isMine && message.seq > view.my.read_seq) change.my = readTo(view.my, message.seq);
    if (counts && !isMine && !message.deleted_at) change.my = counted(view, message, ev, 1);
    if (counts && !isMine && !isLarge(view)) change.others_read_seq = Math.max(view.others_read_seq ?? 0, message.seq);
    return change;
  });
}

/** Applies a changed message: the last line, and the counts if an unread one was deleted or mentions other people. */
function noteChange(message: MessageTold, ev: number): void {
  changeChat(message.chat_id, (view) => {
    const change: Partial<ChatView> = {};
    const last = view.last_message;
    if (last?.seq === message.seq) change.last_message = newer(last, viewOf(message));
    if (message.sender_id !== myId()) change.my = counted(view, message, ev, message.deleted_at ? -1 : 0);
    return change;
  });
}

/** Returns my state in a chat after a new (1), changed (0) or deleted (-1) message of another person. */
function counted({ id, my }: ChatView, message: MessageTold, ev: number, unread: number): MemberState {
  const { mentions_added = [], mentions_removed = [] } = message;
  const mentions = Number(mentions_added.includes(myId())) - Number(mentions_removed.includes(myId()));
  if (!unread && !mentions) return my;
  return { ...my, ...countAfter(id, my, { ev, seq: message.seq, unread, mentions }) };
}

/** Counts a message of mine: writing means having read; an unread mark stays. */
const readTo = (my: MemberState, read_seq: number): MemberState =>
  my.unread_from ? { ...my, read_seq } : { ...my, read_seq, unread: 0, mentions: 0 };

/** Applies my state in a chat, from an event or an answer. */
export function settleMine(chatId: number, told: MemberState): void {
  changeChat(chatId, ({ my }) => ({ my: laterOf(chatId, my, told) }));
}

export function setTyping(chatId: number, userId: number, doing: Doing | null): void {
  const inChat = new Map(typing.value.get(chatId));
  if (doing) inChat.set(userId, doing);
  else if (!inChat.delete(userId)) return;
  typing.value = new Map(typing.value).set(chatId, inChat);
}

/** Returns the title of a chat; a direct chat has the name of the other person. */
function renamePeer(user: UserRead): void {
  const { id, name, role, created_at, rev, avatar } = user;
  const peer: UserRead = { id, name, role, created_at, rev, avatar: avatar ?? null };
  for (const view of allChats())
    if (view.peer?.id === id && rev > view.peer.rev) changeChat(view.id, () => ({ name, peer }));
}

export const events = {
  'message.created': (message, ev) => {
    noteMessage(message, ev);
    setTyping(message.chat_id, message.sender_id, null);
  },
  'message.edited': noteChange,
  'message.deleted': noteChange,
  'messages.deleted': ({ items }, ev) => {
    for (const one of items) noteChange(one, ev);
  },
  'receipt.read': ({ chat_id, seq, my }) => {
    if (my) settleMine(chat_id, my);
    else changeChat(chat_id, (view) => ({ others_read_seq: Math.max(view.others_read_seq ?? 0, seq) }));
  },
  'chat.changed': ({ chat_id, name, avatar, rev, cards }) =>
    changeChat(chat_id, (view) => (rev > view.rev ? { name, avatar, rev, cards } : {})),
  'chat.joined': ({ chat: view }) => putChats([view]),
  'chat.left': ({ chat_id }) => dropChat(chat_id),
  'chat.mine': ({ chat_id, my }) => settleMine(chat_id, my),
  'member.joined': ({ chat_id, member_count }) => changeChat(chat_id, () => ({ member_count })),
  'member.left': ({ chat_id, user_id, member_count }) => {
    changeChat(chat_id, () => ({ member_count }));
    setTyping(chat_id, user_id, null);
  },
  'member.changed': ({ chat_id, role, my_rights }) => {
    if (my_rights) changeChat(chat_id, () => ({ my_role: role, my_rights }));
  },
  'user.changed': ({ user }) => renamePeer(user),
} satisfies Events;
