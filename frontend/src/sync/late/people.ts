/** Verbs of screens that are loaded late: people, their groups and links, and the readers of messages. */
import { request } from '../../api/http';
import type { ChatView, InviteView, MessageView, UserRead, VersionView } from '../../api/types';
import * as store from '../../store/members';
import { putUsers } from '../../store/users';

export async function renameChat(chatId: number, name: string): Promise<void> {
  await request('PATCH', `/chats/${chatId}`, { body: { name } });
}

export async function addMembers(chatId: number, ids: readonly number[]): Promise<void> {
  const { items } = await request('POST', `/chats/${chatId}/members`, {
    body: { user_ids: ids },
  });
  store.addMembers(chatId, items);
}

export const listInvites = async (chatId: number): Promise<InviteView[]> =>
  (await request('GET', `/chats/${chatId}/invites`)).items;

/** Creates a link into a group, or (without one) to the server. */
export const createInvite = (
  chatId: number | null,
  limits: { expires_in?: number; max_uses?: number } = {},
): Promise<InviteView> => request('POST', chatId ? `/chats/${chatId}/invites` : '/invites', { body: limits });

export const revokeInvite = (code: string): Promise<void> => request('DELETE', `/invites/${code}`);

export async function searchUsers(query: string): Promise<UserRead[]> {
  const { items } = await request('GET', '/users', { query: { query, limit: 30 } });
  putUsers(items);
  return items;
}

/** Returns the groups that a person and I are in, last active first. */
export async function sharedGroups(userId: number): Promise<ChatView[]> {
  const { items } = await request('GET', '/chats', { query: { with: userId, limit: 200 } });
  return items.filter((one) => one.kind === 'group');
}

/** Allows a person's links to admit newcomers, or no longer; for administrators. */
export const allowInviting = (userId: number, isAllowed: boolean): Promise<UserRead> =>
  request('PATCH', `/users/${userId}`, { body: { may_invite: isAllowed } });

export const readers = async (message: MessageView): Promise<{ ids: number[]; count: number }> => {
  const path = `/chats/${message.chat_id}/messages/${message.seq}/readers` as const;
  const { items, count } = await request('GET', path);
  return { ids: items.map((one) => one.user_id), count };
};

/** Returns a page of the versions of a message, oldest first. */
export const versions = (
  { chat_id, seq }: Pick<MessageView, 'chat_id' | 'seq'>,
  cursor: string,
): Promise<{ items: VersionView[]; page: { next_cursor?: string | null } }> =>
  request('GET', `/chats/${chat_id}/messages/${seq}/history`, { query: { cursor } });
