/**
 * Files in the store: who listened to voice messages. Of uploads it keeps nothing: the outbox asks for the end of its
 * own, and files of messages come with the messages.
 */
import type { Events, Windows } from '../slice';

const ignore = (): void => undefined;

export const windows = {
  'voice.listened': (window, { seq, user_id }) => {
    const place = window.items.findIndex((one) => one.seq === seq);
    const kept = window.items[place];
    const by = kept?.parts?.listened?.by ?? [];
    if (!kept || kept.deleted_at || by.includes(user_id)) return window;
    const parts = { ...kept.parts, listened: { by: [...by, user_id] } };
    return { ...window, items: window.items.with(place, { ...kept, parts }) };
  },
} satisfies Windows;

export const events = { 'file.ready': ignore, 'file.failed': ignore, 'voice.listened': ignore } satisfies Events;
