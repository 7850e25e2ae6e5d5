/** What can be done, and by which key: menu, keys, palette and the page of keys read the same list. */
import type { MessageView } from '../api/types';
import { isApple, isEditable } from '../lib/browser';
import type { IconName } from '../ui/Icon';

/** What opens anywhere on the page, by name. */
export type PageThing =
  | { kind: 'newChat' | 'newGroup' | 'invite' | 'members' | 'chats' | 'commands' | 'settings' | 'keys' }
  /** `seq`: at that message. */
  | { kind: 'chat'; chatId: number; seq?: number };
/** What an act may open; the screens know how. */
export type Thing = PageThing | { kind: 'edit' | 'details'; message: MessageView };

/** Where a person is, and what the act is done to. */
export interface Context {
  chatId: number | null;
  messages: readonly MessageView[];
  open: (thing: Thing) => void;
}

/** A key by its place on the keyboard, so that it works on every layout, or (`key`) the sign that it writes. */
export interface Chord {
  code?: string;
  key?: string;
  command?: boolean;
  alt?: boolean;
  shift?: boolean;
}

export interface Act {
  id: string;
  /** `mute` and `level` are acts on a chat too, one step further in its menu. */
  on: 'page' | 'messages' | 'chat' | 'mute' | 'level';
  /** Its name there; without a context its name in the list of keys. */
  label: (context?: Context) => string;
  icon: IconName;
  chord?: Chord;
  danger?: boolean;
  /** Whether it is the chosen one, where it is one of several. */
  isOn?: (context: Context) => boolean;
  /** Whether it can be done; what cannot be is not offered. */
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

/** Returns the words of a chord as the keyboards of this system have them: `Ctrl+Shift+P`, `⌘⇧P`. */
export function spell({ code = '', key, command, alt, shift }: Chord): string {
  const held = [
    command && (isApple ? '⌘' : 'Ctrl+'),
    alt && (isApple ? '⌥' : 'Alt+'),
    shift && (isApple ? '⇧' : 'Shift+'),
  ];
  return `${held.filter(Boolean).join('')}${key ?? SIGNS[code] ?? code.replace(/^Key/, '')}`;
}
