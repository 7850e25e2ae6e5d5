/** Verbs of administrators: what everyone's files take, and how much a person may store. */
import { request } from '../../api/http';
import type { ChatStorage, ServerStorage, UserStorage } from '../../api/types';
import { putUsers } from '../../store/users';

const PAGE = 20;

/** A page of a list, and the cursor of the next one; empty at its end. */
export interface Paged<T> {
  items: readonly T[];
  next: string;
}

const queryOf = (cursor: string) => ({ query: { limit: PAGE, ...(cursor ? { cursor } : {}) } });

export const serverStorage = (): Promise<ServerStorage> => request('GET', '/storage');

/** Returns people by the bytes of their files, most first. */
export async function listUserStorage(cursor: string): Promise<Paged<UserStorage>> {
  const { items, page } = await request('GET', '/storage/users', queryOf(cursor));
  putUsers(items.map(({ user }) => user));
  return { items, next: page.next_cursor ?? '' };
}

/** Returns chats by the bytes of the files in their messages, most first. */
export async function listChatStorage(cursor: string): Promise<Paged<ChatStorage>> {
  const { items, page } = await request('GET', '/storage/chats', queryOf(cursor));
  return { items, next: page.next_cursor ?? '' };
}

/** Sets how many bytes a person may store; `null`: as many as all others. */
export const setQuota = (userId: number, quota: number | null): Promise<UserStorage> =>
  request('PUT', `/storage/users/${userId}/quota`, { body: { quota } });
