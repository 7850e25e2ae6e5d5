/** The keys of acts: those of the list, or the ones chosen instead in this browser (the preference `keys`, by id). */
import { signal } from '@preact/signals';
import { keepSetting, readSetting } from '../lib/browser';
import { type Act, type Chord, keyIn } from './act';

const NAME = 'keys';

const chosen = signal<Readonly<Record<string, Chord>>>(read());

function read(): Record<string, Chord> {
  try {
    return Object(JSON.parse(readSetting(NAME) ?? '{}'));
  } catch {
    return {};
  }
}

export const chordOf = ({ id, chord }: Pick<Act, 'id' | 'chord'>): Chord | undefined => chosen.value[id] ?? chord;

/** Sets the key of an act; without one it has its usual key again. */
export function chooseChord(id: string, chord?: Chord): void {
  const { [id]: _, ...rest } = chosen.value;
  chosen.value = chord ? { ...rest, [id]: chord } : rest;
  keepSetting(NAME, JSON.stringify(chosen.value));
}

const HELD = /^(Control|Shift|Alt|Meta|OS)/;

/** Returns the chord that is pressed; `null` as long as only modifier keys are held. */
export function chordFrom(event: KeyboardEvent): Chord | null {
  const { ctrlKey, metaKey, altKey, shiftKey } = event;
  if (!event.code || HELD.test(event.code)) return null;
  return {
    code: keyIn(event),
    ...((ctrlKey || metaKey) && { command: true }),
    ...(altKey && { alt: true }),
    ...(shiftKey && { shift: true }),
  };
}

/** Returns whether an act can have a chord: where words are typed a key alone is a letter. */
export const isFree = ({ on }: Act, { command, alt }: Chord): boolean => on === 'messages' || Boolean(command || alt);
