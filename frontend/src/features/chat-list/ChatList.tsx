/** All chats, last active first; found by name in either alphabet. */
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { serverName, titleOf } from '../../content/names/names';
import { t } from '../../i18n';
import { finder } from '../../lib/search';
import { chatIds } from '../../store/mine/list';
import { mayInvite } from '../../store/session';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import css from './ChatList.module.css';
import { Row } from './Row';
import { reveal, useRows } from './rows';

interface Props {
  current: number | null;
  /** What is to be said about the connection, where the open chat does not say it. */
  status: ComponentChildren;
  onOpen: (chatId: number) => void;
  onNew: () => void;
  onInvite: () => void;
  onSettings: () => void;
}

export function ChatList({ current, status, onOpen, onNew, onInvite, onSettings }: Props) {
  const [query, setQuery] = useState('');
  const all = chatIds.value;
  const isMeant = finder(query);
  const ids = query ? all.filter((id) => isMeant(titleOf(id))) : all;
  return (
    <nav class={css.list} aria-label={t().chats}>
      <header>
        <h1>{serverName() ?? t().chats}</h1>
        <IconButton icon="newChat" label={t().newChat} onClick={onNew} />
        <IconButton icon="settings" label={t().settings} onClick={onSettings} />
      </header>
      {status}
      {all.length === 0 ? (
        <Empty title={t().noChats} hint={t().noChatsHint}>
          {mayInvite() && (
            <Button kind="primary" icon="invite" onClick={onInvite}>
              {t().inviteSomeone}
            </Button>
          )}
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
          <Rows ids={ids} current={current} onOpen={onOpen} />
        </>
      )}
    </nav>
  );
}

function Rows({ ids, current, onOpen }: { ids: readonly number[] } & Pick<Props, 'current' | 'onOpen'>) {
  const box = useRef<HTMLDivElement>(null);
  const [first, end] = useRows(box, ids.length, current === null ? -1 : ids.indexOf(current));
  if (ids.length === 0) return <p class={css.none}>{t().nothingFound}</p>;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the rows inside have the focus
    <div ref={box} class={css.rows} onKeyDown={(event) => walk(event, box.current, ids.length)}>
      <ul style={{ '--count': String(ids.length), '--before': String(first) }}>
        {ids.slice(first, end).map((id, place) => (
          <Row key={id} id={id} place={first + place} count={ids.length} isCurrent={id === current} onOpen={onOpen} />
        ))}
      </ul>
    </div>
  );
}

/** Arrows, Home and End go from row to row. */
function walk(event: KeyboardEvent, box: HTMLElement | null, count: number): void {
  const here = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.place : undefined;
  if (!box || here === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const now = Number(here);
  const next = { ArrowUp: now - 1, ArrowDown: now + 1, Home: 0, End: count - 1 }[event.code];
  if (next === undefined || next < 0 || next >= count) return;
  event.preventDefault();
  reveal(box, next);
  const focus = (): void => box.querySelector<HTMLElement>(`[data-place="${next}"]`)?.focus({ preventScroll: true });
  // A row far away is drawn only after the scrolling was noticed.
  focus();
  setTimeout(focus, 50);
}
