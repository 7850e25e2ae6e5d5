/** Quick switcher and palette: chats, people and commands by name, on any keyboard layout and in either alphabet. */

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Act, Context, DialogProps } from '../acts/act';
import { actsFor, isKeyOf, keyOf } from '../acts/all';
import { Name, Title } from '../content/names/Name';
import { titleOf } from '../content/names/names';
import { preview } from '../content/preview';
import { lang } from '../i18n';
import { t } from '../i18n/screens/finder';
import { modal } from '../lib/browser';
import { listTime } from '../lib/time';
import { allChats, chat } from '../store/chats';
import { allIds } from '../store/mine/list';
import { mine } from '../store/mine/state';
import { myId } from '../store/session';
import { nameOf, pictureOf, users } from '../store/users';
import { openDirect } from '../sync';
import { searchUsers } from '../sync/late/people';
import { Avatar } from '../ui/Avatar';
import { Icon } from '../ui/Icon';
import { useOver } from '../ui/over';
import { told } from '../ui/Toast';
import css from './Finder.module.css';
import { byRecency, ranked } from './ranking';

const MOST = 20;
/** Commands are those of the page, then those of the open chat. */
const PLACES = ['page', 'chat'] as const;
const ASK_MS = 150;

interface Props extends DialogProps<'chats' | 'commands'> {
  /** What is asked for, instead of the usual words. */
  words?: string;
}

interface Found {
  key: string;
  label: ComponentChildren;
  picture: ComponentChildren;
  /** The last message of a chat. */
  line?: string;
  note: string;
  unread?: number;
  run: () => void;
}

export function Finder({ thing: { kind }, words, context, onClose }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const asked = words ?? (kind === 'chats' ? t().findPlaceholder : t().palettePlaceholder);
  const [query, setQuery] = useState('');
  const [place, setPlace] = useState(0);
  usePeopleOf(query);
  useLayoutEffect(() => modal(dialog.current), []);
  useOver(onClose);
  const found = useFound(kind, context, query, users.value, allIds.value);
  const chosen = Math.min(place, found.length - 1);
  const choose = (one: Found | undefined): void => {
    if (!one) return;
    onClose();
    one.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.code];
    const isAgain = isKeyOf('find', event) || isKeyOf('palette', event);
    if (step) setPlace((chosen + step + found.length) % Math.max(1, found.length));
    else if (event.key === 'Enter') choose(found[chosen]);
    else if (isAgain) onClose();
    else return;
    event.preventDefault();
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop only repeats what Escape does
    <dialog
      ref={dialog}
      class={css.finder}
      aria-label={words ?? (kind === 'chats' ? t().keySwitch : t().palette)}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={found[chosen] ? `${id}-${chosen}` : undefined}
        aria-label={asked}
        placeholder={asked}
        autoComplete="off"
        spellcheck={false}
        value={query}
        onInput={(event) => {
          setQuery(event.currentTarget.value);
          setPlace(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id={id} role="listbox" aria-label={t().found}>
        {found.map((one, at) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the combobox
          <div
            key={one.key}
            id={`${id}-${at}`}
            ref={(element) => {
              if (at === chosen) element?.scrollIntoView({ block: 'nearest' });
            }}
            role="option"
            tabIndex={-1}
            aria-selected={at === chosen}
            onClick={() => choose(one)}
          >
            {one.picture}
            <span>
              {one.label}
              {one.line && <small class={css.last}>{one.line}</small>}
            </span>
            {one.unread ? (
              <b role="img" aria-label={t().unread(one.unread)}>
                {one.unread}
              </b>
            ) : (
              <small>{one.note}</small>
            )}
          </div>
        ))}
      </div>
      {found.length === 0 && <p role="status">{t().nothingFound}</p>}
    </dialog>
  );
}

/** Asks the server for people by that name; they appear in the store. */
function usePeopleOf(query: string): void {
  useEffect(() => {
    if (!query.trim()) return;
    const timer = setTimeout(() => searchUsers(query.trim()).catch(() => {}), ASK_MS);
    return () => clearTimeout(timer);
  }, [query]);
}

function useFound(
  kind: Props['thing']['kind'],
  context: Context,
  query: string,
  people: ReadonlyMap<number, unknown>,
  ids: readonly number[],
): Found[] {
  return useMemo(() => {
    const chats = ranked(
      byRecency(ids, context.chatId).map((one) => ({ id: one, label: titleOf(one) })),
      query,
    ).map((one): Found => foundChat(one.id, context));
    const doings = ranked(
      PLACES.flatMap((on) => actsFor(on, context)).map((act) => ({ label: act.label(context), act })),
      query,
    ).map(({ act }) => foundAct(act, context));
    if (kind === 'commands') return [...doings, ...(query ? chats.slice(0, MOST) : [])];
    if (!query.trim()) return chats.slice(0, MOST);
    const known = new Set([myId(), ...allChats().map((one) => one.peer?.id)]);
    const others = [...people.keys()].filter((id) => !known.has(id));
    const strangers = ranked(
      others.map((id) => ({ id, label: nameOf(id) })),
      query,
    ).map((one): Found => foundPerson(one.id, context));
    return [...chats.slice(0, MOST), ...strangers.slice(0, MOST), ...doings];
  }, [kind, query, context, people, ids]);
}

function foundChat(id: number, { open }: Context): Found {
  const view = chat(id);
  const last = view?.last_message;
  return {
    key: `chat-${id}`,
    label: <Title chatId={id} />,
    picture: (
      <Avatar
        id={view?.peer?.id ?? id}
        name={titleOf(id)}
        picture={(view?.peer ?? view)?.avatar}
        size={36}
        saved={view?.kind === 'saved'}
      />
    ),
    line: last ? preview(last) : '',
    note: last ? listTime(last.sent_at, lang.value) : '',
    unread: view ? mine(view).unread : 0,
    run: () => open({ kind: 'chat', chatId: id }),
  };
}

function foundPerson(id: number, { open }: Context): Found {
  const picture = <Avatar id={id} name={nameOf(id)} picture={pictureOf(id)} size={36} />;
  const run = (): void => void openDirect(id).then((chatId) => open({ kind: 'chat', chatId }), told);
  return { key: `user-${id}`, label: <Name id={id} />, picture, note: t().newChat, run };
}

function foundAct({ id, label, icon, run }: Act, context: Context): Found {
  const note = keyOf(id);
  return { key: `do-${id}`, label: label(context), picture: <Icon name={icon} />, note, run: () => run(context) };
}
