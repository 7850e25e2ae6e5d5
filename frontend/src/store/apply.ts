/** The effect of an event on the store: each slice defines its part, here they are merged. */
import type { EventData, EventFrame } from '../api/types';
import * as aside from './aside';
import * as chats from './chats';
import * as members from './members';
import * as messages from './messages';
import * as edits from './mine/edits';
import * as files from './mine/files';
import * as outbox from './outbox';
import * as cards from './parts/cards';
import { follow } from './ranges';
import * as reactions from './reactions';
import * as session from './session';
import { batch } from './signal';
import type { Applier, Slice, Step } from './slice';
import * as users from './users';

type Minded<S> = S extends { readonly events: infer E } ? keyof E & keyof EventData : never;
type Table<T extends keyof EventData> = { readonly [K in T]: readonly Applier<K>[] };
/** Some slice handles every event of the contract. */
type Appliers = Table<keyof EventData>;

/** Merges the functions of all slices by type of event, in the order of the slices. */
function merged<T>(tables: readonly (object | undefined)[]): T {
  const all: Record<string, unknown[]> = {};
  for (const table of tables)
    for (const [type, one] of Object.entries(table ?? {})) all[type] = [...(all[type] ?? []), one];
  return all as T;
}

const appliersOf = <S extends readonly Slice[]>(...of: S): Table<Minded<S[number]>> =>
  merged(of.map((one) => one.events));

const stepsOf = (...of: readonly Slice[]): { readonly [T in keyof EventData]?: readonly Step<T>[] } =>
  merged(of.map((one) => one.windows));

const appliers = appliersOf(
  chats,
  members,
  users,
  session,
  aside,
  edits,
  files,
  outbox,
  reactions,
  cards,
) satisfies Appliers;
const steps = stepsOf(messages, files, reactions, cards);

/** Ignores events of a type that this version does not know. */
export let unknownEvents = 0;

/** Returns a range of messages after an event of its chat. */
export function step(window: messages.Window, { type, data, ev }: EventFrame): messages.Window {
  const all = (steps[type] ?? []) as readonly Step<typeof type>[];
  return all.reduce((shown, one) => one(shown, data, ev), window);
}

/** Returns the chat whose messages an event changes; `undefined` if it changes none. */
export const chatOf = ({ type, data }: EventFrame): number | undefined =>
  steps[type] && 'chat_id' in data ? data.chat_id : undefined;

/** Applies one event. The engine has checked its place in the stream. */
export function apply(event: EventFrame): void {
  const all = (appliers as Partial<Appliers>)[event.type] as readonly Applier<typeof event.type>[] | undefined;
  if (!all) {
    unknownEvents += 1;
    return;
  }
  batch(() => {
    for (const one of all) one(event.data, event.ev);
    const chatId = chatOf(event);
    if (chatId !== undefined) follow(chatId, (window) => step(window, event));
  });
}
