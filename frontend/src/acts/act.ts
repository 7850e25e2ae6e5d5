/** What can be done, and by which key: menu, keys, palette and the page of keys read the same list. */
import type { MemberView, MessageView } from '../api/types';
import type { Open, Thing, ThingProps } from '../content/things';
import { isApple, isEditable } from '../lib/browser';
import type { IconName } from '../ui/Icon';

/** Where a person is, and what the act is done to. */
export interface Context {
  chatId: number | null;
  /** The messages that are meant, oldest first: one, or all that are selected. */
  messages: readonly MessageView[];
  member?: MemberView;
  open: Open;
}

/** What a dialog gets that is opened by name, where it does more than show its thing. */
export interface DialogProps<K extends Thing['kind']> extends ThingProps<K> {
  context: Context;
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
  on: 'page' | 'chat' | 'messages' | 'member';
  /** The menu inside of a menu that it belongs to. */
  within?: 'mute' | 'level';
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
