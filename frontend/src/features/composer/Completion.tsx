/** Completes `@` with the names of members: arrows, Enter or Tab, Escape. */
import { useId, useLayoutEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { matches } from '../../lib/search';
import { members } from '../../store/chats';
import { myId } from '../../store/session';
import { Avatar } from '../../ui/Avatar';
import css from './Composer.module.css';

interface Props {
  chatId: number;
  area: { current: HTMLTextAreaElement | null };
  text: string;
  onPick: (text: string) => void;
}

const SHOWN = 6;

export function Completion({ chatId, area, text, onPick }: Props) {
  const [place, setPlace] = useState(0);
  const [dismissed, setDismissed] = useState('');
  const id = useId();
  const caret = useCaret(area, text);
  const before = text.slice(0, caret);
  const typed = /(?:^|\s)@([^\s@]{0,30})$/u.exec(before)?.[1];
  const all = members.value.get(chatId) ?? [];
  const found =
    typed === undefined || dismissed === before
      ? []
      : all.filter(({ user }) => user.id !== myId() && matches(user.name, typed)).slice(0, SHOWN);
  const chosen = found[Math.min(place, found.length - 1)];

  const pick = (name: string): void => {
    const start = before.length - (typed ?? '').length;
    onPick(`${text.slice(0, start)}${name} ${text.slice(before.length)}`);
    area.current?.focus();
  };

  // Before the next key, not after the next paint: a handler of an older text would complete the wrong word.
  useLayoutEffect(() => {
    const box = area.current;
    if (!box || !chosen) return;
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'ArrowDown') setPlace((place + 1) % found.length);
      else if (event.key === 'ArrowUp') setPlace((place + found.length - 1) % found.length);
      else if (event.key === 'Enter' || event.key === 'Tab') pick(chosen.user.name);
      else if (event.key === 'Escape') setDismissed(before);
      else return;
      event.preventDefault();
      event.stopImmediatePropagation();
    };
    box.setAttribute('aria-activedescendant', `${id}-${chosen.user.id}`);
    box.addEventListener('keydown', onKey, { capture: true });
    return () => {
      box.removeAttribute('aria-activedescendant');
      box.removeEventListener('keydown', onKey, { capture: true });
    };
  });

  if (!chosen) return null;
  return (
    <div role="listbox" aria-label={t().mentionSomeone} class={css.completion}>
      {found.map(({ user }) => (
        <div
          key={user.id}
          id={`${id}-${user.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={user.id === chosen.user.id}
          onPointerDown={(event) => {
            event.preventDefault();
            pick(user.name);
          }}
        >
          <Avatar id={user.id} name={user.name} size={28} />
          {user.name}
        </div>
      ))}
    </div>
  );
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
