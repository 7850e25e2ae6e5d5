/** All chats: pinned ones first, archived ones apart; found by name in either alphabet. */
import type { ComponentChildren } from 'preact';
import { useCallback, useRef, useState } from 'preact/hooks';
import { ActButton } from '../../acts/ActButton';
import type { Context } from '../../acts/act';
import { itemsOf } from '../../acts/menu';
import { serverName, titleOf } from '../../content/names/names';
import { t } from '../../i18n';
import { finder } from '../../lib/search';
import { allIds, archivedIds, chatIds } from '../../store/mine/list';
import { Empty } from '../../ui/Empty';
import { Icon } from '../../ui/Icon';
import { Menu } from '../../ui/Menu';
import type { Spot } from '../../ui/place';
import css from './ChatList.module.css';
import { Row } from './Row';
import { reveal, useKeptFocus, useRows } from './rows';

interface Props {
  current: number | null;
  /** The notice about the connection, if the open chat does not show it. */
  status: ComponentChildren;
  context: Context;
}

export function ChatList({ current, status, context }: Props) {
  const { open } = context;
  const onOpen = useCallback((chatId: number) => open({ kind: 'chat', chatId }), [open]);
  const [query, setQuery] = useState('');
  const [wantsArchive, setWantsArchive] = useState(false);
  const all = allIds.value;
  const archived = archivedIds.value;
  const isArchive = wantsArchive && archived.length > 0;
  const isMeant = finder(query);
  const ids = query ? all.filter((id) => isMeant(titleOf(id))) : isArchive ? archived : chatIds.value;
  return (
    <nav class={css.list} aria-label={t().chats}>
      <header>
        <h1>{serverName() ?? t().chats}</h1>
        <ActButton id="new-chat" context={context} />
        <ActButton id="settings" context={context} />
      </header>
      {all.length === 0 ? (
        <Empty title={t().noChats} hint={t().noChatsHint}>
          <ActButton id="invite" kind="primary" context={context} />
        </Empty>
      ) : (
        <>
          <input
            type="search"
            class={css.search}
            placeholder={t().searchChats}
            aria-label={t().searchChats}
            value={query}
            onInput={(event) => setQuery(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && ids[0]) onOpen(ids[0]);
              if (event.key === 'Escape' && query) {
                setQuery('');
                event.stopPropagation();
              }
            }}
          />
          {archived.length > 0 && !query && (
            <button
              type="button"
              class={css.archive}
              aria-pressed={isArchive}
              onClick={() => setWantsArchive(!isArchive)}
            >
              <Icon name={isArchive ? 'back' : 'archive'} size={18} />
              <span>{t().archiveTitle}</span>
              <span class={`${css.badge} ${css.quiet}`} role="img" aria-label={t().archived(archived.length)}>
                {archived.length}
              </span>
            </button>
          )}
          <Rows
            ids={ids}
            current={current}
            empty={query ? t().nothingFound : t().allArchived}
            onOpen={onOpen}
            context={context}
          />
        </>
      )}
      <div class={css.status}>{status}</div>
    </nav>
  );
}

interface RowsProps extends Pick<Props, 'current' | 'context'> {
  onOpen: (chatId: number) => void;
  ids: readonly number[];
  /** The text if there are none. */
  empty: string;
}

function Rows({ ids, current, empty, onOpen, context }: RowsProps) {
  const box = useRef<HTMLDivElement>(null);
  const [menu, setMenu] = useState<{ chatId: number; at: Spot } | null>(null);
  const onMenu = useCallback((chatId: number, at: Spot) => setMenu({ chatId, at }), []);
  const onClose = useCallback(() => setMenu(null), []);
  const [first, end] = useRows(box, ids.length, current === null ? -1 : ids.indexOf(current));
  const onFocusIn = useKeptFocus(box, ids);
  if (ids.length === 0) return <p class={css.none}>{empty}</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside have the focus
    <div ref={box} class={css.rows} onFocusIn={onFocusIn} onKeyDown={(event) => walk(event, box.current, ids.length)}>
      <ul style={{ '--count': String(ids.length), '--before': String(first) }}>
        {ids.slice(first, end).map((id, place) => (
          <Row
            key={id}
            id={id}
            place={first + place}
            count={ids.length}
            isCurrent={id === current}
            onOpen={onOpen}
            onMenu={onMenu}
          />
        ))}
      </ul>
      {menu && (
        <Menu
          label={titleOf(menu.chatId)}
          at={menu.at}
          items={itemsOf('chat', { ...context, chatId: menu.chatId })}
          onClose={onClose}
        />
      )}
    </div>
  );
}

/** Moves between rows with arrows, Home and End. */
function walk(event: KeyboardEvent, box: HTMLElement | null, count: number): void {
  const here = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.place : undefined;
  if (!box || here === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const now = Number(here);
  const next = { ArrowUp: now - 1, ArrowDown: now + 1, Home: 0, End: count - 1 }[event.code];
  if (next === undefined || next < 0 || next >= count) return;
  event.preventDefault();
  reveal(box, next);
  const focus = (): void => box.querySelector<HTMLElement>(`[data-place="${next}"]`)?.focus({ preventScroll: true });
  // A row far away is drawn only after the scroll event.
  focus();
  setTimeout(focus, 50);
}
