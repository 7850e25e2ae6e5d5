/** Keys that were chosen, and what they do. */
import { afterEach, expect, it } from 'vitest';
import type { Act, Context } from './act';
import { acts, clashesOf, keyOf, press, shortcutOf } from './all';
import { chooseChord, chordFrom, chordOf, isFree } from './chords';

const opened: string[] = [];
const context: Context = { chatId: null, messages: [], open: ({ kind }) => opened.push(kind) };
const key = (code: string, more: object = {}): KeyboardEvent =>
  ({ code, key: '', ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, target: null, ...more }) as never;
const act = (id: string): Act => acts.find((one) => one.id === id) as Act;

afterEach(() => {
  for (const { id } of acts) chooseChord(id);
  opened.length = 0;
});

it('does by the chosen key what the usual one did, which means nothing then', () => {
  chooseChord('find', { code: 'KeyJ', command: true });
  expect(press('page', context, key('KeyK', { ctrlKey: true }))).toBe(false);
  expect(press('page', context, key('KeyJ', { ctrlKey: true }))).toBe(true);
  expect(opened).toEqual(['chats']);
  chooseChord('find');
  expect(chordOf(act('find'))).toEqual({ code: 'KeyK', command: true });
});

it('shows a clash at both, and none among the usual keys', () => {
  expect(acts.filter((one) => clashesOf(one).length > 0).map((one) => one.id)).toEqual([]);
  chooseChord('find', { code: 'ArrowDown', alt: true });
  expect(clashesOf(act('find')).map((one) => one.id)).toEqual(['next-chat']);
  expect(clashesOf(act('next-chat')).map((one) => one.id)).toEqual(['find']);
});

it('reads the place of a key, not its letter, and no key that is only held', () => {
  expect(chordFrom(key('KeyP', { key: 'з', metaKey: true, shiftKey: true }))).toEqual({
    code: 'KeyP',
    command: true,
    shift: true,
  });
  expect(chordFrom(key('ShiftLeft', { shiftKey: true }))).toBe(null);
});

it('lets a key alone be that of a message only', () => {
  expect(isFree(act('reply'), { code: 'KeyQ' })).toBe(true);
  expect(isFree(act('find'), { code: 'KeyQ', shift: true })).toBe(false);
  expect(isFree(act('find'), { code: 'KeyQ', alt: true })).toBe(true);
});

const HELD = '((Control|Meta|Alt|Shift)\\+)*';
const NAMED = 'Delete|Escape|Home|End|Page(Up|Down)|Plus|Space|Arrow(Up|Down|Left|Right)|F\\d+';

it('names keys for screen readers by the standard, whatever is shown', () => {
  const named = acts.flatMap(({ id }) => shortcutOf(id) ?? []);
  expect(named.length).toBeGreaterThan(10);
  for (const name of named) expect(name).toMatch(new RegExp(`^${HELD}(${NAMED}|[^\\s+])$`, 'u'));
  expect([keyOf('remove'), shortcutOf('remove')]).toEqual(['Del', 'Delete']);
  expect([keyOf('find'), shortcutOf('find')]).toEqual(['Ctrl+K', 'Control+K']);
  chooseChord('find', { code: 'Comma', command: true });
  expect([keyOf('find'), shortcutOf('find')]).toEqual(['Ctrl+,', 'Control+,']);
  chooseChord('find', { code: 'Digit1', alt: true });
  expect([keyOf('find'), shortcutOf('find')]).toEqual(['Alt+1', 'Alt+1']);
  chooseChord('find', { code: 'Equal', key: '+' });
  expect(shortcutOf('find')).toBe('Plus');
});
