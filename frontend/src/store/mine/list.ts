/** The order of my list (pinned chats first, archived ones apart), and the unread number of the title. */
import type { ChatView, MemberState } from '../../api/types';
import { allChats, chat } from '../chats';
import { computed, computedList, signal } from '../signal';
import { mine } from './state';

/** The step between the places of two pinned chats. */
const STEP = 2 ** 32;

/** The time (ms) of the list: it is set when the next mute ends (`shell/clock.ts`). */
export const clock = signal(0);

const mutedMs = ({ muted_until }: MemberState): number => (muted_until === null ? 0 : Date.parse(muted_until));
export const isMuted = (my: MemberState): boolean => mutedMs(my) > clock.value;

/** The time (ms) when the next mute ends; `null` without a mute. */
export const nextEnd = computed(() => {
  const ends = allChats()
    .map((one) => mutedMs(mine(one)))
    .filter((one) => one > clock.value);
  return ends.length ? Math.min(...ends) : null;
});

/** Returns whether the unread count of a chat is grey. */
export const isQuiet = (my: MemberState): boolean => my.level !== 'all' || isMuted(my);

/** Returns whether a chat is in the archive: a later message brings it back, a muted chat only while it mentions me. */
export function isArchived(view: ChatView): boolean {
  const my = mine(view);
  if (my.archived === null) return false;
  return (view.head_seq ?? 0) <= my.archived || (isMuted(my) && !my.mentions);
}

/** Returns whether a chat has unread messages, or was marked as unread. */
export function isUnread(view: ChatView): boolean {
  const { unread, unread_from } = mine(view);
  return unread > 0 || unread_from !== null;
}

/** Returns the number of unread messages for the title: of a quiet chat only mentions of me, of level `none` none. */
export function loud(view: ChatView): number {
  const my = mine(view);
  if (my.level === 'none' || isArchived(view)) return 0;
  return isQuiet(my) ? my.mentions : my.unread;
}

const activity = (view: ChatView): string => view.last_message?.sent_at ?? view.created_at;

function idsOf(views: readonly ChatView[]): number[] {
  const placed = views.map((one) => ({ id: one.id, pin: mine(one).pin ?? Infinity, at: activity(one) }));
  placed.sort((a, b) => {
    if (a.pin !== b.pin) return a.pin < b.pin ? -1 : 1;
    return a.at < b.at ? 1 : a.at > b.at ? -1 : b.id - a.id;
  });
  return placed.map((one) => one.id);
}

/** Ids of the list: pinned ones by their places, then the last active first. */
export const chatIds = computedList(() => idsOf(allChats().filter((one) => !isArchived(one))));
/** Ids of the archive, in the same order. */
export const archivedIds = computedList(() => idsOf(allChats().filter(isArchived)));
/** Ids of all chats, those of the archive last. */
export const allIds = computed(() => [...chatIds.value, ...archivedIds.value]);

/** The count of the title. */
export const unreadTotal = computed(() => allChats().reduce((sum, one) => sum + loud(one), 0));

/** The pinned chats of the list with their places, in order. */
const pinned = computed(() =>
  chatIds.value.flatMap((id): [id: number, place: number][] => {
    const view = chat(id);
    const place = view ? mine(view).pin : null;
    return place === null ? [] : [[id, place]];
  }),
);

/** Returns a place above all pinned chats. */
export function topPlace(): number {
  const [first] = pinned.value;
  return first ? first[1] - STEP : 0;
}

/**
 * Returns the new places that move a pinned chat one up (-1) or down (1): its own, those of all where there is no room
 * between two, none at the ends.
 */
export function placesFor(id: number, step: 1 | -1): [id: number, place: number][] {
  const from = pinned.value.findIndex(([one]) => one === id);
  const moving = pinned.value[from];
  const to = from + step;
  if (!moving || to < 0 || to >= pinned.value.length) return [];
  const moved = pinned.value.toSpliced(from, 1).toSpliced(to, 0, moving);
  const place = between(moved[to - 1]?.[1], moved[to + 1]?.[1]);
  return place === null ? moved.map(([one], at) => [one, at * STEP]) : [[id, place]];
}

/** Returns a place between two others; `null` if there is none. */
function between(above: number | undefined, below: number | undefined): number | null {
  if (above === undefined) return (below ?? 0) - STEP;
  if (below === undefined) return above + STEP;
  return below - above < 2 ? null : Math.floor((above + below) / 2);
}
