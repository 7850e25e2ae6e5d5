/** Random histories: the engine reaches the same state as a fresh snapshot. */
import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ChatView, EventFrame, MemberState, MessageView } from '../api/types';
import { chat, putChats } from '../store/chats';
import { windowOf } from '../store/messages';
import { me } from '../store/session';
import { type Cursors, Engine } from './engine';

const TOPIC = 'chat:7';
type Step =
  | { kind: 'created'; sender: number }
  | { kind: 'edited' | 'deleted' | 'read'; place: number }
  | { kind: 'cleared'; places: number[] };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('created' as const), sender: fc.integer({ min: 1, max: 3 }) }),
  },
  fc.record({ kind: fc.constantFrom('edited' as const, 'deleted' as const, 'read' as const), place: fc.nat() }),
  fc.record({ kind: fc.constant('cleared' as const), places: fc.array(fc.nat(), { minLength: 2, maxLength: 5 }) }),
);
const history = fc.array(step, { minLength: 1, maxLength: 40 });

/** The state and the messages of the server. */
class Chat {
  readonly events: EventFrame[] = [];
  readonly states: { messages: MessageView[]; read: number }[] = [{ messages: [], read: 0 }];

  constructor(steps: readonly Step[]) {
    for (const one of steps) this.play(one);
  }

  private play(one: Step): void {
    const { messages, read } = this.state(this.events.length);
    const chosen = 'place' in one ? messages[one.place % messages.length] : undefined;
    if (one.kind === 'created') this.create(messages, read, one.sender);
    else if (one.kind === 'cleared') this.clear(messages, read, one.places);
    else if (chosen && one.kind === 'read') this.read(messages, Math.max(read, chosen.seq));
    else if (chosen && !chosen.deleted_at) this.change(messages, read, chosen, one.kind);
  }

  private read(messages: MessageView[], seq: number): void {
    const data = { chat_id: 7, user_id: 1, seq, my: mine(messages, seq, this.events.length) };
    this.tell('receipt.read', data, messages, seq);
  }

  private change(messages: MessageView[], read: number, chosen: MessageView, kind: string): void {
    const text = kind === 'edited' ? `${chosen.text}*` : '';
    const next = { ...chosen, rev: chosen.rev + 1, text, ...gone(kind) };
    this.tell(`message.${kind}`, next, messages.with(chosen.seq - 1, next), read);
  }

  private clear(messages: MessageView[], read: number, places: number[]): void {
    const seqs = new Set(places.map((one) => (one % messages.length) + 1));
    const items = messages.filter((one) => seqs.has(one.seq) && !one.deleted_at).map(removed);
    if (items.length < 2) return;
    const kept = messages.map((one) => items.find((other) => other.seq === one.seq) ?? one);
    this.tell('messages.deleted', { chat_id: 7, items, by: 2 }, kept, read);
  }

  private create(messages: MessageView[], read: number, sender: number): void {
    const seq = messages.length + 1;
    const sent_at = `2026-01-01T00:00:${String(seq).padStart(2, '0')}.000Z`;
    const said = { chat_id: 7, seq, kind: 'text', sender_id: sender, text: `n ${seq}`, entities: [], sent_at, rev: 1 };
    const message = said as unknown as MessageView;
    this.tell('message.created', message, [...messages, message], sender === 1 ? seq : read);
  }

  private tell(type: string, data: unknown, messages: MessageView[], read: number): void {
    this.events.push({ type, topic: TOPIC, ev: this.events.length + 1, at: '', data } as EventFrame);
    this.states.push({ messages, read });
  }

  state(ev: number): { messages: MessageView[]; read: number } {
    return this.states[ev] as { messages: MessageView[]; read: number };
  }
}

const gone = (kind: string): Partial<MessageView> =>
  kind === 'deleted' ? { deleted_at: '2026-01-02T00:00:00.000Z' } : {};
const removed = (one: MessageView): MessageView => ({ ...one, rev: one.rev + 1, text: '', ...gone('deleted') });
const unreadAfter = (messages: readonly MessageView[], read: number): number =>
  messages.filter((one) => one.seq > read && one.sender_id !== 1 && !one.deleted_at).length;

/** Returns my state in the chat as of a change. */
const mine = (messages: readonly MessageView[], read: number, at: number): MemberState =>
  ({ read_seq: read, unread: unreadAfter(messages, read), at_ev: at, rev: 1, unread_from: null }) as MemberState;

/** Returns a snapshot at a position, as the server would give it. */
function load(server: Chat, ev: number): void {
  const { messages, read } = server.state(ev);
  const view = { id: 7, kind: 'group', name: 'den', created_at: '', rev: 1, my_role: 'member', member_count: 2 };
  putChats([{ ...view, head_seq: messages.length, my: mine(messages, read, ev), at_ev: ev } as unknown as ChatView]);
  windowOf(7).value = { items: messages, hasBefore: false, hasAfter: false };
}

function engineAt(server: Chat, ev: number): Engine {
  const engine: Engine = new Engine({
    resume: ({ streams }: Cursors) => {
      for (const event of server.events.slice(Number(streams[TOPIC]))) engine.receive(event);
    },
    reload: () => expect.fail('nothing asks to load anew'),
    taken: () => undefined,
    moved: () => undefined,
  });
  engine.start({ epoch: 1, streams: { [TOPIC]: ev } });
  return engine;
}

function expectFresh(server: Chat): void {
  const { messages, read } = server.state(server.events.length);
  expect(windowOf(7).value?.items).toEqual(messages);
  const unread = unreadAfter(messages, read);
  expect(chat(7)).toMatchObject({ head_seq: messages.length, my: { read_seq: read, unread } });
}

beforeEach(() => {
  vi.useFakeTimers();
  me.value = { id: 1, name: 'me', role: 'member', created_at: '', rev: 1, avatar: null };
});
afterEach(() => void vi.useRealTimers());

it('a state and the events after it are the fresh state, in one frame or in many', () => {
  fc.assert(
    fc.property(history, fc.nat(), fc.boolean(), (steps, from, isBatch) => {
      const server = new Chat(steps);
      const at = from % (server.events.length + 1);
      load(server, at);
      const engine = engineAt(server, at);
      const rest = server.events.slice(at);
      if (isBatch) engine.receive({ type: 'batch', frames: rest } as never);
      else for (const event of rest) engine.receive(event);
      expectFresh(server);
    }),
    { numRuns: 3000 },
  );
});

it('frames that are lost, doubled and out of order come to the same end', () => {
  fc.assert(
    fc.property(history, fc.array(fc.nat(), { maxLength: 80 }), (steps, picks) => {
      const server = new Chat(steps);
      const total = server.events.length;
      load(server, 0);
      const engine = engineAt(server, 0);
      for (const pick of total ? picks : []) engine.receive(server.events[pick % total] as EventFrame);
      const last = server.events.at(-1);
      if (last) engine.receive(last);
      vi.advanceTimersByTime(200);
      expectFresh(server);
      expect(engine.position(TOPIC)).toBe(total);
    }),
    { numRuns: 3000 },
  );
});
