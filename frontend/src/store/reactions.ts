/** Reactions to messages: the effect of events, with this device's own pending reactions over it. */
import type { EventData, MessageParts, MessageView } from '../api/types';
import { chat } from './chats';
import { placeOf } from './messages';
import { type ItemOf, itemsOf, settle, watchItems } from './outbox';
import type { Events, Windows } from './slice';

type Reactions = NonNullable<MessageParts['reactions']>;
type Told = EventData['reaction.changed'];

const NONE: Reactions = { counts: [], mine: [], recent: [], at_ev: 0 };
const asked = watchItems('reaction.set');

/** Returns the reactions to a message as this device shows them: with its own pending ones. */
export function reactionsOf(message: MessageView): Reactions {
  const waiting = asked.value.filter((one) => placeOf(one.data) === placeOf(message));
  return waiting.reduce(laid, message.parts?.reactions ?? NONE);
}

function laid(shown: Reactions, { data: { emoji, on } }: ItemOf<'reaction.set'>): Reactions {
  if (on === shown.mine.includes(emoji)) return shown;
  const isNew = on && !shown.counts.some((one) => one.emoji === emoji);
  const counts = (isNew ? [...shown.counts, { emoji, count: 0 }] : shown.counts)
    .map((one) => (one.emoji === emoji ? { emoji, count: one.count + (on ? 1 : -1) } : one))
    .filter((one) => one.count > 0);
  return { ...shown, counts, mine: on ? [...shown.mine, emoji] : shown.mine.filter((one) => one !== emoji) };
}

export const mayReact = ({ chat_id, kind, deleted_at }: MessageView): boolean =>
  kind !== 'service' && !deleted_at && Boolean(chat(chat_id)?.my_rights.includes('react'));

/**
 * Returns a message after its reactions changed. `at_ev` is of my own stream; a later summary of the chat may be newer.
 */
function withTold(message: MessageView, { counts, recent, mine, at_ev }: Told, ev: number): MessageView {
  const had = message.parts?.reactions ?? NONE;
  const isOvertaken = at_ev !== undefined && at_ev < had.at_ev;
  const now = isOvertaken ? had : { counts, recent, at_ev: at_ev ?? ev };
  return { ...message, parts: { ...message.parts, reactions: { ...had, ...now, mine: mine ?? had.mine } } };
}

export const windows = {
  'reaction.changed': (window, told, ev) => {
    const place = window.items.findIndex((one) => one.seq === told.seq);
    const kept = window.items[place];
    if (!kept || kept.deleted_at) return window;
    return { ...window, items: window.items.with(place, withTold(kept, told, ev)) };
  },
} satisfies Windows;

export const events = {
  // The store has the answer: the item need not be laid over it any more.
  'reaction.changed': (told) => {
    if (!told.mine) return;
    for (const { cmid, state, data } of itemsOf('reaction.set'))
      if (state === 'answered' && placeOf(data) === placeOf(told)) settle(cmid);
  },
} satisfies Events;
