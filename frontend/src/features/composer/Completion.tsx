/** Completes `@` with the names of members and `:` with emoji: arrows, Enter or Tab, Escape. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useState } from 'preact/hooks';
import type { Emoji } from '../../content/emoji';
import { Name } from '../../content/names/Name';
import { lang, t } from '../../i18n';
import type { Mention } from '../../lib/mentions';
import { finder } from '../../lib/search';
import type { Draft } from '../../store/drafts';
import { members } from '../../store/members';
import { myId } from '../../store/session';
import { nameOf, pictureOf, spelledName } from '../../store/users';
import { needMembers } from '../../sync';
import { Avatar } from '../../ui/Avatar';
import css from './Composer.module.css';

interface Props {
  chatId: number;
  area: { current: HTMLTextAreaElement | null };
  written: Draft;
  /** Receives the text with the chosen option, the new place of the caret, and the chosen person. */
  onPick: (text: string, caret: number, completed: readonly Mention[]) => void;
}

interface Option {
  key: string;
  /** The text that replaces the typed word. */
  word: string;
  face: ComponentChildren;
  label: ComponentChildren;
  /** The person whom `@word` then mentions. */
  id?: number;
}

const SHOWN = 6;
/** Fewer letters may be part of a smiley or of a sentence: Enter then sends them. */
const MARK_LETTERS = /\p{L}.*\p{L}.*\p{L}/u;

export function Completion({ chatId, area, written, onPick }: Props) {
  const { text } = written;
  const [place, setPlace] = useState(0);
  /** The text for which an option was chosen by an arrow. */
  const [walked, setWalked] = useState('');
  const [dismissed, setDismissed] = useState('');
  const id = useId();
  const caret = useCaret(area, text);
  const before = text.slice(0, caret);
  const name = nameAt(before, written.mentions);
  const mark = /(?:^|\s):([\p{L}\p{N}_+-]{2,30})$/u.exec(before)?.[1];
  const marks = useEmoji(mark);
  const found = dismissed === before ? [] : name === undefined ? marks : people(chatId, name);
  const isNaming = name !== undefined && !members.value.has(chatId);
  useEffect(() => {
    // Without a network there are no names to offer; the next typed name asks again.
    if (isNaming) needMembers(chatId).catch(() => undefined);
  }, [chatId, isNaming]);
  const chosen = found[Math.min(place, found.length - 1)];

  const takesEnter = name !== undefined || walked === before || MARK_LETTERS.test(mark ?? '');

  const walk = (step: number): void => {
    setPlace((place + step + found.length) % found.length);
    setWalked(before);
  };
  const pick = ({ word, id: who }: Option): void => {
    const start = before.length - (name ?? `:${mark}`).length;
    const end = start + word.length + 1;
    const completed = who === undefined ? [] : [{ at: start - 1, name: word, id: who }];
    onPick(`${text.slice(0, start)}${word} ${text.slice(before.length)}`, end, completed);
    area.current?.focus();
    // The field gets its text with the next drawing, which would move the caret to the end.
    requestAnimationFrame(() => area.current?.setSelectionRange(end, end));
  };

  // The effect runs before the next key, not after the next paint: an old handler would complete the wrong word.
  useLayoutEffect(() => {
    const box = area.current;
    if (!box || !chosen) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'ArrowDown') walk(1);
      else if (event.key === 'ArrowUp') walk(-1);
      else if (event.key === 'Tab' || (event.key === 'Enter' && takesEnter)) pick(chosen);
      else if (event.key === 'Escape') setDismissed(before);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    box.setAttribute('aria-activedescendant', `${id}-${chosen.key}`);
    box.addEventListener('keydown', onKey, { capture: true });
    return () => {
      box.removeAttribute('aria-activedescendant');
      box.removeEventListener('keydown', onKey, { capture: true });
    };
  });

  if (!chosen) return null;
  return (
    <div role="listbox" aria-label={name === undefined ? t().emoji : t().mentionSomeone} class={css.completion}>
      {found.map((one) => (
        <div
          key={one.key}
          id={`${id}-${one.key}`}
          role="option"
          tabIndex={-1}
          aria-selected={one === chosen}
          onPointerDown={(event) => {
            event.preventDefault();
            pick(one);
          }}
        >
          {one.face}
          <span>{one.label}</span>
        </div>
      ))}
    </div>
  );
}

/** Returns the typed part of a name before the caret, with blanks inside; `undefined` after a finished mention. */
function nameAt(before: string, mentions: readonly Mention[]): string | undefined {
  const typed = /(?:^|\s)@([^\n@]{0,60})$/u.exec(before)?.[1];
  const isPicked = mentions.some((one) => one.at === before.length - (typed?.length ?? 0) - 1);
  return typed && (isPicked || /\s$/.test(typed)) ? undefined : typed;
}

function people(chatId: number, typed: string): Option[] {
  const isMeant = finder(typed);
  const others = (members.value.get(chatId) ?? []).map(({ user }) => user.id).filter((id) => id !== myId());
  const found = others.filter((id) => isMeant(nameOf(id))).slice(0, SHOWN);
  return found.map((id) => ({
    key: String(id),
    word: spelledName(id) ?? '',
    face: <Avatar id={id} name={nameOf(id)} picture={pictureOf(id)} size={28} />,
    label: <Name id={id} />,
    id,
  }));
}

/** Returns the emoji for a typed name; the first typed name loads them. */
function useEmoji(typed: string | undefined): Option[] {
  const [find, setFind] = useState<{ by: (typed: string, most: number) => Emoji[] } | null>(null);
  const isAsked = typed !== undefined;
  useEffect(() => {
    if (!isAsked || find) return;
    // Without a network there is no completion; the next typed name asks again.
    import('../../content/emoji').then(
      ({ findEmoji }) => setFind({ by: findEmoji }),
      () => undefined,
    );
  }, [isAsked, find]);
  if (!isAsked || !find) return [];
  return find.by(typed, SHOWN).map(({ mark, name }) => ({
    key: mark,
    word: mark,
    face: <span class={css.mark}>{mark}</span>,
    label: name[lang.value],
  }));
}

/** Returns the place of the caret in the drawn text; the field must hold the text first. */
function useCaret(area: Props['area'], text: string): number {
  const [caret, setCaret] = useState(text.length);
  useLayoutEffect(() => {
    const follow = (): void => setCaret(area.current?.selectionStart ?? text.length);
    follow();
    document.addEventListener('selectionchange', follow);
    return () => document.removeEventListener('selectionchange', follow);
  }, [area, text]);
  return caret;
}
