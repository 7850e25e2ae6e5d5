/** People by id, and who of them is online. */
import type { PresenceState, UserRead } from '../api/types';
import { clipMarks, lookOf } from '../lib/characters';
import { emitter } from '../lib/emitter';
import { isAway } from './session';
import { computed, signal } from './signal';
import type { Events } from './slice';

export const users = signal<ReadonlyMap<number, UserRead>>(new Map());
/** The keys of uploaded pictures that the server could not use. */
export const refusedPictures = signal<ReadonlySet<string>>(new Set());
export const presence = signal<ReadonlyMap<number, PresenceState>>(new Map());

/** Stores people; an older `rev` never replaces a newer one. */
export function putUsers(people: readonly UserRead[]): void {
  const fresh = people.filter((one) => (users.value.get(one.id)?.rev ?? 0) < one.rev);
  if (!fresh.length) return;
  const next = new Map(users.value);
  for (const one of fresh) next.set(one.id, one);
  users.value = next;
}

/** Emits the ids of people who are shown but not known. */
export const onUnknown = emitter<number>();

/** Returns the shown name of a person; an unknown one is asked for. */
export function nameOf(userId: number): string {
  const name = spelledName(userId);
  if (name === undefined) onUnknown.emit(userId);
  return clipMarks(name ?? '…');
}
/** Returns the name of a person as the server has it, which is the spelling in a mention. */
export const spelledName = (userId: number): string | undefined => users.value.get(userId)?.name;
/** Returns the known names of these people, as `parse` takes them. */
export const spelled = (userIds: readonly number[]): [name: string, id: number][] =>
  userIds.flatMap((id) => {
    const name = spelledName(id);
    return name === undefined ? [] : [[name, id]];
  });
/** Returns the key of a person's picture, if there is one. */
export const pictureOf = (userId: number): string | null => users.value.get(userId)?.avatar ?? null;

const byLook = computed(() => {
  const all = new Map<string, UserRead[]>();
  for (const one of users.value.values()) {
    const same = all.get(lookOf(one.name));
    if (same) same.push(one);
    else all.set(lookOf(one.name), [one]);
  }
  return all;
});

/** Returns the known people whose names look the same, including the person; none for a unique name. */
export function namesakesOf(userId: number): readonly UserRead[] {
  const name = spelledName(userId);
  const same = name === undefined ? [] : (byLook.value.get(lookOf(name)) ?? []);
  return same.length > 1 ? same : [];
}

export function putPresence(states: readonly PresenceState[]): void {
  const next = new Map(presence.value);
  for (const one of states) next.set(one.user_id, one);
  presence.value = next;
}

/** Says whether a person is online; without a connection it is not known of any. */
export const isOnline = (userId: number): boolean => !isAway() && presence.value.get(userId)?.online === true;

export const events = {
  'user.changed': ({ user }) => putUsers([user]),
  'avatar.failed': ({ avatar }) => {
    refusedPictures.value = new Set([...refusedPictures.value, avatar]);
  },
} satisfies Events;
