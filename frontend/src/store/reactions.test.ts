/** Reactions: the effect of events on a message, with this device's own pending reactions over it. */
import { beforeEach, expect, it } from 'vitest';
import type { ChatView, EventData, MessageView } from '../api/types';
import { apply, step } from './apply';
import { putChats } from './chats';
import { windowOf } from './messages';
import { type Item, outbox, putItem } from './outbox';
import { mayReact, reactionsOf } from './reactions';

type Told = EventData['reaction.changed'];

const said = (more: object = {}): MessageView =>
  ({ chat_id: 7, seq: 3, rev: 1, kind: 'text', sender_id: 2, text: 'words', deleted_at: null, ...more }) as MessageView;
const told = (counts: Record<string, number>, more: Partial<Told> = {}): Told => ({
  chat_id: 7,
  seq: 3,
  counts: Object.entries(counts).map(([emoji, count]) => ({ emoji, count })),
  recent: [],
  ...more,
});
const tell = (data: Told, ev: number): void =>
  apply({ type: 'reaction.changed', topic: data.at_ev === undefined ? 'chat:7' : 'user:1', ev, at: '', data });
const ask = (emoji: string, on: boolean, state: Item['state'] = 'queued', order = 1): void =>
  putItem({
    ...{ cmid: `${emoji}${order}`, verb: 'reaction.set', data: { chat_id: 7, seq: 3, emoji, on } },
    ...{ key: `react/7/3/${emoji}`, at: '', order, state, reason: '' },
  });
const message = (): MessageView => windowOf(7).value?.items[0] as MessageView;
const shown = (): [Record<string, number>, readonly string[]] => {
  const { counts, mine } = reactionsOf(message());
  return [Object.fromEntries(counts.map((one) => [one.emoji, one.count])), mine];
};

beforeEach(() => {
  outbox.value = [];
  putChats([{ id: 7, kind: 'group', my_rights: ['send', 'react'], my: {} } as unknown as ChatView]);
  windowOf(7).value = { items: [said()], hasBefore: false, hasAfter: false };
});

it('takes the whole of an event, and keeps mine where another changed theirs', () => {
  tell(told({ '👍': 1 }, { mine: ['👍'] }), 10);
  tell(told({ '👍': 1, '🎉': 1 }), 11);
  expect(shown()).toEqual([{ '👍': 1, '🎉': 1 }, ['👍']]);
  tell(told({}, { mine: [] }), 12);
  expect(shown()).toEqual([{}, []]);
});

it('does not let its own stream put back counts that a summary has overtaken', () => {
  tell(told({ '👍': 9 }), 20);
  tell(told({ '👍': 2 }, { mine: ['👍'], at_ev: 19 }), 5);
  expect(shown()).toEqual([{ '👍': 9 }, ['👍']]);
  tell(told({ '👍': 10 }, { mine: ['👍'], at_ev: 20 }), 6);
  expect(shown()).toEqual([{ '👍': 10 }, ['👍']]);
});

it('keeps reactions through an edit, and drops them with the words', () => {
  tell(told({ '👍': 1 }), 10);
  const edited = { type: 'message.edited', topic: 'chat:7', ev: 11, at: '', data: said({ rev: 2, text: 'other' }) };
  apply(edited as never);
  expect([message().text, shown()[0]]).toEqual(['other', { '👍': 1 }]);
  const files = { items: [{ id: 1, kind: 'file', name: 'a', type: 'text/plain', size: 1, alt: 'first' }] };
  const described = said({ rev: 3, text: 'other', parts: { files } } as never);
  apply({ type: 'message.edited', topic: 'chat:7', ev: 12, at: '', data: described } as never);
  expect([message().parts?.files, shown()[0]]).toEqual([files, { '👍': 1 }]);
  const gone = { type: 'message.deleted', topic: 'chat:7', ev: 13, at: '', data: said({ rev: 4, deleted_at: 'now' }) };
  apply(gone as never);
  tell(told({ '👍': 2 }), 14);
  expect(message().parts).toBeUndefined();
});

it('lays what waits over it, once, and the last of two of one emoji', () => {
  tell(told({ '👍': 1, '🎉': 1 }, { mine: ['🎉'] }), 10);
  ask('👍', true);
  ask('🎉', false);
  ask('😢', true);
  expect(shown()).toEqual([{ '👍': 2, '😢': 1 }, ['👍', '😢']]);
  ask('👍', false, 'queued', 2);
  expect(shown()).toEqual([{ '👍': 1, '😢': 1 }, ['😢']]);
  tell(told({ '👍': 1, '😢': 1 }, { mine: ['😢'] }), 11);
  expect(shown()).toEqual([{ '👍': 1, '😢': 1 }, ['😢']]);
});

it('lays what was answered over it only until its event', () => {
  ask('👍', true, 'answered');
  expect(shown()).toEqual([{ '👍': 1 }, ['👍']]);
  tell(told({ '🎉': 1 }), 10);
  expect(shown()).toEqual([{ '🎉': 1, '👍': 1 }, ['👍']]);
  tell(told({ '🎉': 1 }, { mine: [] }), 11);
  expect(shown()).toEqual([{ '🎉': 1 }, []]);
});

it('changes a range in which the message is, and no other', () => {
  const range = { items: [said({ seq: 4 })], hasBefore: true, hasAfter: true };
  const event = { type: 'reaction.changed' as const, topic: 'chat:7', ev: 10, at: '', data: told({ '👍': 1 }) };
  expect(step(range, event)).toBe(range);
});

it('is offered where the right is there and the words are', () => {
  expect([said(), said({ kind: 'service' }), said({ deleted_at: 'now' })].map(mayReact)).toEqual([true, false, false]);
  putChats([{ id: 7, kind: 'group', my_rights: ['send'], my: {} } as unknown as ChatView]);
  expect(mayReact(said())).toBe(false);
});
