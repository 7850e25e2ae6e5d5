/**
 * The actions of the interface and their keys: menus, shortcuts, the palette and the page of keys read the same list.
 */
import type { MemberView, MessageView } from '../api/types';
import type { Open, Thing, ThingProps } from '../content/things';
import { isApple, isEditable } from '../lib/browser';
import type { IconName } from '../ui/Icon';

/** The place of a person, and the messages that the action applies to. */
export interface Context {
  chatId: number | null;
  /** The messages of the act, oldest first: one, or all selected ones. */
  messages: readonly MessageView[];
  member?: MemberView;
  open: Open;
}

/** The props of a dialog that is opened by name and does more than show its thing. */
export interface DialogProps<K extends Thing['kind']> extends ThingProps<K> {
  context: Context;
}

/**
 * A key: the letter that it writes in a Latin layout, and elsewhere its place (`code`, as `keyIn` returns it), or
 * (`key`) the character that it writes.
 */
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
  /** The menu that contains this submenu. */
  within?: 'mute' | 'level';
  /** Returns the label in a context; without a context the label for the list of keys. */
  label: (context?: Context) => string;
  icon: IconName;
  chord?: Chord;
  danger?: boolean;
  /** Says whether it is the chosen one of several. */
  isOn?: (context: Context) => boolean;
  /** Says whether the action is possible; an impossible one is not offered. */
  when?: (context: Context) => boolean;
  run: (context: Context) => void;
}

/**
 * Returns the name of a key for a chord: `KeyC` for the key that writes C, wherever the layout has it. A layout
 * without Latin letters has no such key; there the place counts. A sign at the place of a letter is only itself:
 * Dvorak writes a full stop where others write E.
 */
export function keyIn({ code = '', key = '', altKey }: Pick<KeyboardEvent, 'code' | 'key' | 'altKey'>): string {
  if (/^[a-z]$/i.test(key)) return `Key${key.toUpperCase()}`;
  // Some systems write signs with Alt on every letter.
  const isSign = !altKey && /^[^\p{L}]$/u.test(key);
  return code.startsWith('Key') && isSign ? key : code;
}

export const presses = (chord: Chord, event: KeyboardEvent): boolean => {
  const isCommand = event.ctrlKey || event.metaKey;
  if (chord.key) return event.key === chord.key && !isCommand && !isEditable(event.target);
  const { code, command = false, alt = false, shift = false } = chord;
  return keyIn(event) === code && isCommand === command && event.altKey === alt && event.shiftKey === shift;
};

/** What keys without a letter write in the layout of the codes' names. */
const WRITTEN: Record<string, string> = {
  Backquote: '`',
  Backslash: '\\',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Equal: '=',
  Minus: '-',
  Period: '.',
  Quote: "'",
  Semicolon: ';',
  Slash: '/',
};
const SIGNS: Record<string, string> = { ArrowUp: '↑', ArrowDown: '↓', Escape: 'Esc', Delete: 'Del' };

/** Returns the sign that the key of a chord writes, or else its name (as in `KeyboardEvent.key`). */
const capOf = ({ code = '', key }: Chord): string => key ?? WRITTEN[code] ?? code.replace(/^(Key|Digit)/, '');

/** Returns the label of a chord on the keyboards of this system: `Ctrl+Shift+P`, `⌘⇧P`. */
export function spell(chord: Chord): string {
  const { command, alt, shift } = chord;
  const held = [
    command && (isApple ? '⌘' : 'Ctrl+'),
    alt && (isApple ? '⌥' : 'Alt+'),
    shift && (isApple ? '⇧' : 'Shift+'),
  ];
  const name = capOf(chord);
  return `${held.filter(Boolean).join('')}${SIGNS[name] ?? name}`;
}

/** Returns a chord in the words of `aria-keyshortcuts`, which are the same in every language: `Control+Shift+P`. */
export function shortcut(chord: Chord): string {
  const { command, alt, shift } = chord;
  const name = capOf(chord);
  const held = [command && (isApple ? 'Meta' : 'Control'), alt && 'Alt', shift && 'Shift'];
  return [...held, { ' ': 'Space', '+': 'Plus' }[name] ?? name].filter(Boolean).join('+');
}
