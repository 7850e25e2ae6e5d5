/** Leads through the pictures of a chat beyond its loaded messages: one page at a time for each side. */
import { request } from '../../api/http';
import type { ChatFile } from '../../api/types';
import { windowOf } from '../../store/messages';
import { begun, filesOf, type Side, type Walk, withEvent, withPage } from '../../store/parts/walk';
import { computed, type ReadonlySignal, signal } from '../../store/signal';
import { onReloaded } from '../load';
import { lookUp } from '../people';
import { onTaken } from '../streams';

const PAGE = 50;
const EMPTY = { items: [], hasBefore: false, hasAfter: false };

/** What a side is doing; `open`: there is more. */
export type State = 'open' | 'loading' | 'failed' | 'end';

export interface Walker {
  /** The files, oldest first. */
  files: ReadonlySignal<readonly ChatFile[]>;
  states: ReadonlySignal<Readonly<Record<Side, State>>>;
  /** Loads the next page of a side; nothing while one is on its way. */
  more: (side: Side) => void;
  /** Ends the following of events. */
  end: () => void;
}

/** Begins a walk at the loaded messages of a chat. */
export function walkIn(chatId: number): Walker {
  const walk = signal<Walk>(begun(windowOf(chatId).peek() ?? EMPTY));
  const tries = signal<Readonly<Record<Side, 'open' | 'loading' | 'failed'>>>({ before: 'open', after: 'open' });
  const note = (side: Side, state: 'open' | 'loading' | 'failed'): void => {
    tries.value = { ...tries.peek(), [side]: state };
  };
  const ends = [
    onTaken((event) => {
      if ('chat_id' in event.data && event.data.chat_id === chatId) walk.value = withEvent(walk.peek(), event);
    }),
    // Events are missing: what was loaded may be wrong.
    onReloaded((changed) => {
      if (changed === chatId) walk.value = begun(windowOf(chatId).peek() ?? EMPTY);
    }),
  ];
  const load = async (side: Side): Promise<void> => {
    const next = walk.peek().next[side];
    if (!next || tries.peek()[side] === 'loading') return;
    note(side, 'loading');
    try {
      const query = { [side]: next.seq, cursor: next.cursor, limit: PAGE };
      const { items, page } = await request('GET', `/chats/${chatId}/files`, { query });
      // Unless the walk has begun anew meanwhile.
      if (walk.peek().next[side] === next) walk.value = withPage(walk.peek(), side, items, page.next_cursor ?? null);
      lookUp(new Set(items.map((one) => one.sender_id)));
      note(side, 'open');
    } catch {
      note(side, 'failed');
    }
  };
  const stateOf = (side: Side): State => (walk.value.next[side] ? tries.value[side] : 'end');
  return {
    files: computed(() => filesOf(walk.value)),
    states: computed(() => ({ before: stateOf('before'), after: stateOf('after') })),
    more: (side) => void load(side),
    end: () => {
      for (const one of ends) one();
    },
  };
}
