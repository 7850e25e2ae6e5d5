/** People by id, and who of them is here. */
import type { PresenceState, UserRead } from '../api/types';
import { clipMarks } from '../lib/characters';
import { signal } from './signal';

export const users = signal<ReadonlyMap<number, UserRead>>(new Map());
/** The keys of uploaded pictures that the server could not use. */
export const refusedPictures = signal<ReadonlySet<string>>(new Set());
export const presence = signal<ReadonlyMap<number, PresenceState>>(new Map());

/** Take people in; an older `rev` never replaces a newer one. */
export function putUsers(people: readonly UserRead[]): void {
  const fresh = people.filter((one) => (users.value.get(one.id)?.rev ?? 0) < one.rev);
  if (!fresh.length) return;
  const next = new Map(users.value);
  for (const one of fresh) next.set(one.id, one);
  users.value = next;
}

/** The name of a person as it is shown. */
export const nameOf = (userId: number): string => clipMarks(users.value.get(userId)?.name ?? '…');
/** The key of a person's picture, where there is one. */
export const pictureOf = (userId: number): string | null => users.value.get(userId)?.avatar ?? null;

export function putPresence(states: readonly PresenceState[]): void {
  const next = new Map(presence.value);
  for (const one of states) next.set(one.user_id, one);
  presence.value = next;
}
