/** What an event does to the store: a table, no switch. Applying one twice changes nothing. */
import type { ChatView, EventData, EventFrame, MessageView, UserRead } from '../api/types';
import { followAside } from './aside';
import {
  allChats,
  changeChat,
  dropChat,
  dropMembers,
  members,
  noteChange,
  noteMessage,
  putChats,
  putMembers,
  setTyping,
} from './chats';
import { settle } from './outbox';
import { follow } from './ranges';
import { me, myId } from './session';
import { countNow } from './unread';
import { putUsers, refusedPictures } from './users';

type Appliers = { [K in keyof EventData]: (data: EventData[K], ev: number) => void };

/** Events of a type this version does not know. */
export let unknownEvents = 0;

const appliers: Appliers = {
  'message.created': (message, ev) => {
    noteMessage(message, myId(), ev);
    follow(message, true);
    if (message.client_msg_id) settle(message.client_msg_id);
    setTyping(message.chat_id, message.sender_id, 0);
    if (message.kind === 'text') noteMark(message.chat_id, message.sender_id, message.seq);
  },
  'message.edited': changed,
  'message.deleted': changed,
  'receipt.read': ({ chat_id, user_id, seq, unread, at_ev }, ev) => {
    noteMark(chat_id, user_id, seq);
    changeChat(chat_id, (view) => {
      if (user_id !== myId()) return { others_read_seq: Math.max(view.others_read_seq ?? 0, seq) };
      if (seq < (view.read_seq ?? 0)) return {};
      return { read_seq: seq, unread: countNow(chat_id, unread ?? view.unread ?? 0, at_ev ?? ev, seq) };
    });
  },
  'chat.changed': ({ chat_id, name, avatar, rev }) =>
    changeChat(chat_id, (view) => (rev > view.rev ? { name, avatar, rev } : {})),
  'member.joined': ({ chat_id, members: joined, member_count }) => {
    putUsers(joined.map((one) => one.user));
    changeChat(chat_id, () => ({ member_count }));
    // Too many to be named: a screen that shows them loads them.
    if (!joined.length) dropMembers(chat_id);
    const kept = members.value.get(chat_id);
    if (!kept) return;
    const ids = new Set(joined.map((one) => one.user.id));
    putMembers(chat_id, [...kept.filter((one) => !ids.has(one.user.id)), ...joined]);
  },
  'member.left': ({ chat_id, user_id, member_count }) => {
    changeChat(chat_id, () => ({ member_count }));
    const kept = members.value.get(chat_id);
    if (kept)
      putMembers(
        chat_id,
        kept.filter((one) => one.user.id !== user_id),
      );
    setTyping(chat_id, user_id, 0);
  },
  'member.changed': ({ chat_id, user_id, role }) => {
    if (user_id === myId()) changeChat(chat_id, () => ({ my_role: role }));
    const kept = members.value.get(chat_id);
    if (kept)
      putMembers(
        chat_id,
        kept.map((one) => (one.user.id === user_id ? { ...one, role } : one)),
      );
  },
  'user.changed': ({ user }) => {
    putUsers([user]);
    if (user.id === myId() && user.email) me.value = user;
    renamePeer(user);
  },
  'avatar.failed': ({ avatar }) => {
    refusedPictures.value = new Set([...refusedPictures.value, avatar]);
  },
  'chat.joined': ({ chat }) => putChats([chat]),
  'chat.left': ({ chat_id }) => dropChat(chat_id),
  'session.ended': () => undefined,
};

function changed(message: MessageView, ev: number): void {
  noteChange(message, myId(), ev);
  follow(message, false);
  followAside(message);
}

function noteMark(chatId: number, userId: number, seq: number): void {
  const kept = members.value.get(chatId);
  const member = kept?.find((one) => one.user.id === userId);
  if (!kept || !member || (member.read_seq ?? 0) >= seq) return;
  putMembers(
    chatId,
    kept.map((one) => (one === member ? { ...one, read_seq: seq } : one)),
  );
}

function renamePeer(user: UserRead): void {
  for (const view of peerChats(user.id)) {
    if (view.peer && user.rev > view.peer.rev) changeChat(view.id, () => ({ name: user.name, peer: publicView(user) }));
  }
}

function publicView({ id, name, role, created_at, rev, avatar }: UserRead): UserRead {
  return { id, name, role, created_at, rev, avatar: avatar ?? null };
}

const peerChats = (userId: number): ChatView[] => allChats().filter((one) => one.peer?.id === userId);

/** Apply one event. Its place in the stream was checked by the engine. */
export function apply(event: EventFrame): void {
  const applier = appliers[event.type as keyof EventData] as ((data: unknown, ev: number) => void) | undefined;
  if (applier) applier(event.data, event.ev);
  else unknownEvents += 1;
}
