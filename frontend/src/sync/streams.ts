/** The streams of this page: their events are applied, and broken streams are loaded anew. */
import type { EventFrame } from '../api/types';
import { emitter } from '../lib/emitter';
import { windowOf } from '../store/messages';
import { Engine } from './engine';
import { ask } from './line/frames';
import { isOpen } from './line/tabs';
import { reload } from './reload';

/** An event was applied to the store. */
export const onTaken = emitter<EventFrame>();
/** The store has changed. */
export const onMoved = emitter<void>();

export const engine: Engine = new Engine({
  resume: (cursors) => {
    if (isOpen()) void ask('resume', cursors).catch(() => {});
    else engine.resync(Object.keys(cursors.streams), 'hole');
  },
  reload: (topics, reason) => void reload(engine, topics, reason).then(onMoved.emit),
  taken: (event) => {
    onTaken.emit(event);
    if (event.type !== 'chat.joined') return;
    // A returning member missed the events of the chat meanwhile.
    const { id } = event.data.chat;
    if (windowOf(id).value) void reload(engine, [`chat:${id}`], 'joined');
  },
  moved: onMoved.emit,
});
