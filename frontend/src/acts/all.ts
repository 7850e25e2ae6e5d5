/** All actions; a line for each topic. */
import { type Act, type Chord, type Context, presses, shortcut, spell } from './act';
import { cardActs } from './cards';
import { chatActs } from './chats';
import { chordOf } from './chords';
import { groupActs } from './group';
import { listActs } from './list';
import { memberActs } from './members';
import { mentionActs } from './mentions';
import { messageActs } from './messages';
import { pageActs } from './page';
import { reactionActs } from './reactions';

export const acts: readonly Act[] = [
  ...pageActs,
  ...chatActs,
  ...mentionActs,
  ...messageActs,
  ...reactionActs,
  ...cardActs,
  ...listActs,
  ...groupActs,
  ...memberActs,
];

/** Returns the available acts, in the order of the list; destructive ones come last. */
export const actsFor = (on: Act['on'], context: Context): Act[] =>
  acts
    .filter((one) => one.on === on && (one.when?.(context) ?? true))
    .sort((a, b) => Number(a.danger ?? false) - Number(b.danger ?? false));

function isPressed(act: Act, event: KeyboardEvent): boolean {
  const chord = chordOf(act);
  return chord !== undefined && presses(chord, event);
}

/** Returns whether a key is that of the act of an id. */
export const isKeyOf = (id: string, event: KeyboardEvent): boolean =>
  acts.some((one) => one.id === id && isPressed(one, event));

function chordFor(id: string): Chord | undefined {
  const act = acts.find((one) => one.id === id);
  return act && chordOf(act);
}

/** Returns the key of the act of an id, in words; '' where it has none. */
export function keyOf(id: string): string {
  const chord = chordFor(id);
  return chord ? spell(chord) : '';
}

/** Returns the key of the act of an id for `aria-keyshortcuts`. */
export function shortcutOf(id: string): string | undefined {
  const chord = chordFor(id);
  return chord && shortcut(chord);
}

/** Returns the other acts that have the same key. */
export const clashesOf = ({ id }: Act): Act[] =>
  acts.filter((one) => one.id !== id && keyOf(id) !== '' && keyOf(one.id) === keyOf(id));

/** Runs the act of a key, of all acts or of one; returns `false` for a key without one. */
export function press(on: Act['on'], context: Context, event: KeyboardEvent, id?: string): boolean {
  const meant = actsFor(on, context).filter((one) => id === undefined || one.id === id);
  const act = meant.find((one) => isPressed(one, event));
  act?.run(context);
  return act !== undefined;
}
