/**
 * The actions of the interface and their keys: menus, shortcuts, the palette and the page of keys read the same list.
 */
import type { MessageView } from '../api/types';
import { isApple, isEditable } from '../lib/browser';
import type { IconName } from '../ui/Icon';

/** A part of the interface that can be opened from anywhere on the page. */
export type PageThing =
  | { kind: 'newChat' | 'newGroup' | 'invite' | 'members' | 'chats' | 'commands' | 'settings' | 'keys' }
  | { kind: 'chat'; chatId: number };
/** Everything that an action may open; the screens know how. */
export type Thing = PageThing | { kind: 'edit' | 'details'; message: MessageView };

/** The place of a person, and the messages that the action applies to. */
export interface Context {
  chatId: number | null;
  messages: readonly MessageView[];
  open: (thing: Thing) => void;
}

/** A key by its place on the keyboard, so that it works on every layout, or (`key`) the character that it writes. */
export interface Chord {
  code?: string;
  key?: string;
  command?: boolean;
  alt?: boolean;
  shift?: boolean;
}

export interface Act {
  id: string;
  on: 'page' | 'messages';
  label: () => string;
  icon: IconName;
  chord?: Chord;
  danger?: boolean;
  /** Says whether the action is possible; an impossible one is not offered. */
  when?: (context: Context) => boolean;
  run: (context: Context) => void;
}

export const presses = (chord: Chord, event: KeyboardEvent): boolean => {
  const isCommand = event.ctrlKey || event.metaKey;
  if (chord.key) return event.key === chord.key && !isCommand && !isEditable(event.target);
  const { code, command = false, alt = false, shift = false } = chord;
  return event.code === code && isCommand === command && event.altKey === alt && event.shiftKey === shift;
};

const SIGNS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Delete: 'Del' };

/** Returns the label of a chord on the keyboards of this system: `Ctrl+Shift+P`, `⌘⇧P`. */
export function spell({ code = '', key, command, alt, shift }: Chord): string {
  const held = [
    command && (isApple ? '⌘' : 'Ctrl+'),
    alt && (isApple ? '⌥' : 'Alt+'),
    shift && (isApple ? '⇧' : 'Shift+'),
  ];
  return `${held.filter(Boolean).join('')}${key ?? SIGNS[code] ?? code.replace(/^Key/, '')}`;
}
