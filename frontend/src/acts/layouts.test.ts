/** The keys of acts on six layouts: what the cap of a key says counts, and its place where it says no Latin letter. */
import { expect, it } from 'vitest';
import { presses } from './act';
import { acts } from './all';
import { chordFrom } from './chords';
import { marks } from './marks';

/** The places of the keys, row by row, and what each layout writes there. */
const PLACES = [
  ...'QWERTYUIOP'.split('').map((one) => `Key${one}`),
  'BracketLeft',
  'BracketRight',
  ...'ASDFGHJKL'.split('').map((one) => `Key${one}`),
  'Semicolon',
  'Quote',
  ...'ZXCVBNM'.split('').map((one) => `Key${one}`),
  'Comma',
  'Period',
  'Slash',
];
const LAYOUTS = {
  qwerty: "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
  azerty: 'azertyuiop^$qsdfghjklmùwxcvbn,;:!',
  dvorak: "',.pyfgcrl/=aoeuidhtns-;qjkxbmwvz",
  colemak: "qwfpgjluy;[]arstdhneio'zxcvbkm,./",
  bépo: 'bépoè^vdljzwauie,ctsrnmàyx.k’qghf',
  russian: 'йцукенгшщзхъфывапролджэячсмитьбю.',
};
type Layout = keyof typeof LAYOUTS;

/** Returns the press of the key that writes a sign, or of the one at that place of a layout without it. */
function pressOf(layout: Layout, sign: string, held: object): KeyboardEvent {
  const signs = [...LAYOUTS[layout]];
  const place = signs.includes(sign) ? signs.indexOf(sign) : [...LAYOUTS.qwerty].indexOf(sign);
  const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null };
  return { ...none, code: PLACES[place], key: signs[place], ...held } as unknown as KeyboardEvent;
}

/** Returns what a key does in the composer and on the page: ids of acts and marks. */
function meaningsOf(event: KeyboardEvent): string[] {
  const found = acts.filter(({ chord }) => chord && presses(chord, event)).map((one) => one.id);
  return [...found, ...marks.filter(({ chord }) => presses(chord, event)).map((one) => one.mark)];
}

const layouts = Object.keys(LAYOUTS) as Layout[];

it('writes each layout completely', () => {
  for (const layout of layouts) expect([...LAYOUTS[layout]].length, layout).toBe(PLACES.length);
});

it.each(layouts)('leaves copy, cut, paste and undo to the browser: %s', (layout) => {
  for (const letter of 'cxvz') expect(meaningsOf(pressOf(layout, letter, { ctrlKey: true })), letter).toEqual([]);
});

it.each(layouts)('knows the letters of acts and marks: %s', (layout) => {
  const by = (letter: string, held: object = {}): string[] => meaningsOf(pressOf(layout, letter, held));
  expect(by('c')).toEqual(['copy']);
  expect(by('r')).toEqual(['reply']);
  expect(by('k', { ctrlKey: true })).toEqual(['find']);
  expect(by('k', { metaKey: true })).toEqual(['find']);
  expect(by('b', { ctrlKey: true })).toEqual(['**']);
  expect(by('i', { ctrlKey: true })).toEqual(['_']);
  expect(by('x', { ctrlKey: true, shiftKey: true })).toEqual(['~~']);
});

it('gives the sign at the place of a letter no meaning of that letter', () => {
  // Dvorak has the full stop where others have E, the mark for code.
  expect(meaningsOf(pressOf('dvorak', '.', { ctrlKey: true }))).toEqual([]);
  expect(meaningsOf(pressOf('dvorak', 'e', { ctrlKey: true }))).toEqual(['`']);
});

it('reads a chosen key as the letter of its cap, and by its place in a layout without Latin letters', () => {
  expect(chordFrom(pressOf('dvorak', 'j', { altKey: true }))).toEqual({ code: 'KeyJ', alt: true });
  expect(chordFrom(pressOf('russian', 'о', { altKey: true }))).toEqual({ code: 'KeyJ', alt: true });
  // A Mac writes ∆ with Alt and J.
  expect(chordFrom({ ...pressOf('qwerty', 'j', { altKey: true }), key: '∆' })).toEqual({ code: 'KeyJ', alt: true });
});
