/** Link cards: previews of the pages to which a message links. */
import type { Events, Windows } from '../slice';

export const windows = {
  'cards.changed': (window, { seq, cards }) => {
    const place = window.items.findIndex((one) => one.seq === seq);
    const kept = window.items[place];
    if (!kept || kept.deleted_at) return window;
    return { ...window, items: window.items.with(place, { ...kept, parts: { ...kept.parts, cards } }) };
  },
} satisfies Windows;

export const events = {
  // Only messages in windows have cards.
  'cards.changed': () => {},
} satisfies Events;
