/** The next expected `ev` of each stream: older events are dropped, the next is applied, a hole is asked for. */
import type { EventFrame, ServerFrame } from '../api/types';
import { apply } from '../store/apply';
import { batch } from '../store/signal';

const HOLE_MS = 200;
/** A frame holds 64 KiB: so many cursors fit even if all their numbers have sixteen digits. */
const PORTION = 750;

/** The last change of a stream on this device, with its seal: it shows the server whether the history was rewound. */
export type Cursor = number | readonly [ev: number, seal: string];

export const sealed = (ev: number, seal?: string | null): Cursor => (seal ? [ev, seal] : ev);
export const evOf = (at: Cursor): number => (typeof at === 'number' ? at : at[0]);

export interface Cursors {
  epoch: number;
  streams: Record<string, Cursor>;
}

interface Hooks {
  /** Asks for the missing events. */
  resume(cursors: Cursors): void;
  /** Loads a stream anew that cannot be continued. */
  reload(topics: string[], reason: string): void;
  /** Reports an applied event. */
  taken(event: EventFrame): void;
  /** Reports a changed store. */
  moved(): void;
}

/** The positions of all streams on this device. */
export class Engine {
  private epoch = 0;
  private readonly at = new Map<string, Cursor>();
  private readonly waiting = new Map<string, EventFrame[]>();
  private hole: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly hooks: Hooks) {}

  cursors(): Cursors {
    return { epoch: this.epoch, streams: Object.fromEntries(this.at) };
  }

  /** Returns all cursors in portions that each fit into a frame; at least one portion. */
  portions(): [Cursors, ...Cursors[]] {
    const all = [...this.at];
    const cut = (from: number): Cursors => ({
      epoch: this.epoch,
      streams: Object.fromEntries(all.slice(from, from + PORTION)),
    });
    const rest: Cursors[] = [];
    for (let from = PORTION; from < all.length; from += PORTION) rest.push(cut(from));
    return [cut(0), ...rest];
  }

  position = (topic: string): number | undefined => {
    const at = this.at.get(topic);
    return at === undefined ? undefined : evOf(at);
  };

  /** Begins anew from a snapshot of everything. */
  start(cursors: Cursors): void {
    this.epoch = cursors.epoch;
    this.at.clear();
    for (const [topic, at] of Object.entries(cursors.streams)) this.at.set(topic, at);
    this.release();
  }

  /** Continues one stream after its snapshot as of `at`; waiting events are applied. */
  place(topic: string, at: Cursor): void {
    this.at.set(topic, at);
    this.release();
  }

  forget(topic: string): void {
    this.at.delete(topic);
    this.waiting.delete(topic);
  }

  /** Applies all events of these frames, in one paint. */
  receive(...given: ServerFrame[]): void {
    const frames = given.flatMap((one) => (one.type === 'batch' ? (one.frames ?? []) : [one]));
    batch(() => {
      for (const one of frames) this.one(one as EventFrame);
    });
    this.hooks.moved();
  }

  /** Handles streams that the server cannot continue. */
  resync(topics: string[], reason: string): void {
    for (const topic of topics) this.forget(topic);
    this.hooks.reload(topics, reason);
  }

  private one(event: EventFrame): void {
    const last = this.position(event.topic);
    if (last !== undefined && event.ev <= last) return;
    if (last === undefined || event.ev > last + 1) {
      this.hold(event, last !== undefined);
      return;
    }
    this.take(event);
    this.follow(event.topic);
  }

  private take(event: EventFrame): void {
    this.at.set(event.topic, sealed(event.ev, event.seal));
    apply(event);
    this.hooks.taken(event);
    if (event.type === 'chat.joined') {
      const { chat } = event.data;
      this.at.set(`chat:${chat.id}`, sealed(chat.at_ev ?? 0, chat.at_seal));
      this.follow(`chat:${chat.id}`);
    } else if (event.type === 'chat.left') {
      // Early events stay: they are later than the reader's return, which `chat.joined` tells next.
      this.at.delete(`chat:${event.data.chat_id}`);
    }
  }

  /** Keeps an early event: its stream is being loaded, or there is a hole before it. */
  private hold(event: EventFrame, isHole: boolean): void {
    const held = this.waiting.get(event.topic) ?? [];
    if (held.length < 1000) held.push(event);
    this.waiting.set(
      event.topic,
      held.sort((a, b) => a.ev - b.ev),
    );
    if (!isHole || this.hole) return;
    this.hole = setTimeout(() => {
      this.hole = undefined;
      const open = [...this.waiting.keys()].filter((topic) => this.at.has(topic));
      if (open.length)
        this.hooks.resume({
          epoch: this.epoch,
          streams: Object.fromEntries(open.map((one) => [one, this.at.get(one) ?? 0])),
        });
    }, HOLE_MS);
  }

  private release(): void {
    batch(() => {
      for (const topic of [...this.waiting.keys()]) this.follow(topic);
    });
  }

  private follow(topic: string): void {
    const held = this.waiting.get(topic);
    const last = this.at.get(topic);
    if (!held || last === undefined) return;
    this.waiting.delete(topic);
    for (const event of held) this.one(event);
  }
}
