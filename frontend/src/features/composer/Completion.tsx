/** Completes `@` with the names of members and `:` with emoji: arrows, Enter or Tab, Escape. */
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useState } from 'preact/hooks';
import type { Emoji } from '../../content/emoji';
import { lang, t } from '../../i18n';
import { finder } from '../../lib/search';
import { members } from '../../store/chats';
import { myId } from '../../store/session';
import { pictureOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import css from './Composer.module.css';

interface Props {
  chatId: number;
  area: { current: HTMLTextAreaElement | null };
  text: string;
  onPick: (text: string) => void;
}

interface Option {
  key: string;
  /** What takes the place of the typed word. */
  word: string;
  face: ComponentChildren;
  name: string;
}

const SHOWN = 6;

export function Completion({ chatId, area, text, onPick }: Props) {
  const [place, setPlace] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const id = useId();
  const caret = useCaret(area, text);
  const before = text.slice(0, caret);
  const name = /(?:^|\s)@([^\s@]{0,30})$/u.exec(before)?.[1];
  const mark = /(?:^|\s):([\p{L}\p{N}_+-]{2,30})$/u.exec(before)?.[1];
  const marks = useEmoji(mark);
  const found = dismissed === before ? [] : name === undefined ? marks : people(chatId, name);
  const chosen = found[Math.min(place, found.length - 1)];

  const pick = ({ word }: Option): void => {
    const start = before.length - (name ?? `:${mark}`).length;
    onPick(`${text.slice(0, start)}${word} ${text.slice(before.length)}`);
    area.current?.focus();
    const end = start + word.length + 1;
    // The field gets its text with the next drawing, and the caret would go to its end.
    requestAnimationFrame(() => area.current?.setSelectionRange(end, end));
  };

  // Before the next key, not after the next paint: a handler of an older text would complete the wrong word.
  useLayoutEffect(() => {
    const box = area.current;
    if (!box || !chosen) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'ArrowDown') setPlace((place + 1) % found.length);
      else if (event.key === 'ArrowUp') setPlace((place + found.length - 1) % found.length);
      else if (event.key === 'Enter' || event.key === 'Tab') pick(chosen);
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
          <span>{one.name}</span>
        </div>
      ))}
    </div>
  );
}

function people(chatId: number, typed: string): Option[] {
  const isMeant = finder(typed);
  const all = members.value.get(chatId) ?? [];
  return all
    .filter(({ user }) => user.id !== myId() && isMeant(user.name))
    .slice(0, SHOWN)
    .map(({ user }) => ({
      key: String(user.id),
      word: user.name,
      face: <Avatar id={user.id} name={user.name} picture={pictureOf(user.id)} size={28} />,
      name: user.name,
    }));
}

/** The emoji of a typed name; they are loaded with the first name that is typed. */
function useEmoji(typed: string | undefined): Option[] {
  const [find, setFind] = useState<{ by: (typed: string, most: number) => Emoji[] } | null>(null);
  const isAsked = typed !== undefined;
  useEffect(() => {
    if (!isAsked || find) return;
    // Without a network there is no completion; the next name that is typed asks again.
    import('../../content/emoji').then(
      ({ findEmoji }) => setFind({ by: findEmoji }),
      () => undefined,
    );
  }, [isAsked]);
  if (!isAsked || !find) return [];
  return find.by(typed, SHOWN).map(({ mark, name }) => ({
    key: mark,
    word: mark,
    face: <span class={css.mark}>{mark}</span>,
    name: name[lang.value],
  }));
}

/** Where the caret stands in the text that is drawn: known only once the text is in the field. */
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
