/** My state in a chat arrives by three ways in any order: the server's last state and count win. */
import fc from 'fast-check';
import { beforeEach, expect, it } from 'vitest';
import type { ChatView, EventFrame, MemberState, MessageView, UserRead } from '../api/types';
import { apply } from './apply';
import { chat, putChats, replaceChats, settleMine } from './chats';
import { me } from './session';

const [ME, OTHER] = [1, 2];
type Step =
  | { kind: 'say'; who: number; mentions: boolean }
  | { kind: 'delete' | 'read' | 'mark' | 'edit'; place: number }
  | { kind: 'clear' };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('say' as const),
      who: fc.constantFrom(ME, OTHER, OTHER),
      mentions: fc.boolean(),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constantFrom('delete' as const, 'read' as const, 'mark' as const, 'edit' as const),
      place: fc.nat(),
    }),
  },
  fc.record({ kind: fc.constant('clear' as const) }),
);

/** The state of the server, and its messages: on the chat's stream, on mine, and as answers. */
class Server {
  readonly said: { who: number; mentions: boolean; deleted: boolean }[] = [];
  readonly ofChat: EventFrame[] = [];
  readonly ofMine: EventFrame[] = [];
  readonly answers: MemberState[] = [];
  private read = 0;
  private first: number | null = null;
  private rev = 1;

  state(): MemberState {
    const after = this.first === null ? this.read : this.first - 1;
    const fresh = this.said.filter((one, place) => place + 1 > after && one.who !== ME && !one.deleted);
    const [unread, mentions] = [fresh.length, fresh.filter((one) => one.mentions).length];
    const set = { level: 'all', muted_until: null, pin: null, archived: null, unread_from: this.first } as const;
    return { ...set, read_seq: this.read, unread, mentions, at_ev: this.ofChat.length, rev: this.rev };
  }

  play(one: Step): void {
    if (one.kind === 'say') this.say(one.who, one.mentions);
    else if (one.kind === 'clear') this.mark(null);
    else if (this.said.length) this.about(one.kind, (one.place % this.said.length) + 1);
  }

  private say(who: number, mentions: boolean): void {
    this.said.push({ who, mentions: mentions && who !== ME, deleted: false });
    if (who === ME) this.read = this.said.length;
    this.tell('message.created', { ...this.message(this.said.length), ...this.gained(this.said.length) });
  }

  private about(kind: 'delete' | 'read' | 'mark' | 'edit', seq: number): void {
    const one = this.said[seq - 1];
    if (kind === 'mark') this.mark(seq);
    else if (kind === 'read' && seq > this.read) {
      this.read = seq;
      this.answers.push(this.state());
      this.tell('receipt.read', { chat_id: 7, user_id: ME, seq, my: this.state() });
    } else if (kind === 'delete' && one && !one.deleted) {
      one.deleted = true;
      const lost = one.mentions ? { mentions_removed: [ME, OTHER] } : {};
      this.tell('message.deleted', { ...this.message(seq), ...lost, rev: 9, deleted_at: 'then' });
    } else if (kind === 'edit' && one && one.who !== ME && !one.deleted) {
      one.mentions = !one.mentions;
      const changed = one.mentions ? this.gained(seq) : { mentions_removed: [ME] };
      this.tell('message.edited', { ...this.message(seq), ...changed, rev: 2 });
    }
  }

  /** Returns the people whom a message mentions from its event on. */
  private gained(seq: number): { mentions_added?: number[] } {
    return this.said[seq - 1]?.mentions ? { mentions_added: [OTHER, ME] } : {};
  }

  private mark(first: number | null): void {
    this.first = first;
    this.read = Math.max(this.read, (first ?? 1) - 1);
    this.rev += 1;
    this.answers.push(this.state());
    this.ofMine.push({
      type: 'chat.mine',
      topic: 'user:1',
      ev: this.rev,
      at: '',
      data: { chat_id: 7, my: this.state() },
    });
  }

  private message(seq: number): MessageView {
    const sender_id = this.said[seq - 1]?.who;
    return {
      chat_id: 7,
      seq,
      kind: 'text',
      sender_id,
      text: '',
      entities: [],
      sent_at: '',
      rev: 1,
    } as unknown as MessageView;
  }

  private tell(type: string, data: unknown): void {
    this.ofChat.push({ type, topic: 'chat:7', ev: this.ofChat.length + 1, at: '', data } as EventFrame);
  }
}

beforeEach(() => {
  me.value = { id: ME } as UserRead;
});

it('ends with what the server keeps, in whatever order the three ways deliver', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 1, maxLength: 30 }),
      fc.array(fc.nat(2), { maxLength: 90 }),
      (steps, picks) => {
        const server = new Server();
        replaceChats([]);
        putChats([{ id: 7, kind: 'direct', member_count: 2, head_seq: 0, my: server.state(), at_ev: 0 } as ChatView]);
        for (const one of steps) server.play(one);
        const ways = [
          server.ofChat.map((event) => () => apply(event)),
          server.ofMine.map((event) => () => apply(event)),
          server.answers.map((state) => () => settleMine(7, state)),
        ];
        for (const pick of picks) ways[pick]?.shift()?.();
        for (const rest of ways) for (const deliver of rest) deliver();
        const { at_ev: _, ...kept } = server.state();
        expect(chat(7)?.my).toMatchObject(kept);
      },
    ),
    { numRuns: 2000 },
  );
});
