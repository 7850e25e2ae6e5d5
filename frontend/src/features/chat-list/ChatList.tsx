/** All chats, last active first; found by name in either alphabet. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { preview } from '../../content/preview';
import { lang, t } from '../../i18n';
import { matches } from '../../lib/search';
import { exactTime, listTime } from '../../lib/time';
import { chat, chatIds, chatSignal, typing } from '../../store/chats';
import { drafts } from '../../store/drafts';
import { myId, server } from '../../store/session';
import { nameOf, presence } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import { Button, IconButton } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import css from './ChatList.module.css';

interface Props {
  current: number | null;
  onOpen: (chatId: number) => void;
  onNew: () => void;
  onInvite: () => void;
  onSettings: () => void;
}

export function ChatList({ current, onOpen, onNew, onInvite, onSettings }: Props) {
  const [query, setQuery] = useState('');
  const box = useRef<HTMLInputElement>(null);
  useSearchKey(box);
  const ids = chatIds.value.filter((id) => matches(titleOf(id), query));
  return (
    <nav class={css.list} aria-label={t().chats}>
      <header>
        <h1>{server.value?.name ?? t().chats}</h1>
        <IconButton icon="newChat" label={t().newChat} onClick={onNew} />
        <IconButton icon="settings" label={t().settings} onClick={onSettings} />
      </header>
      <input
        ref={box}
        type="search"
        class={css.search}
        placeholder={t().searchChats}
        aria-label={t().searchChats}
        value={query}
        onInput={(event) => setQuery(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && ids[0]) onOpen(ids[0]);
          if (event.key === 'Escape') setQuery('');
        }}
      />
      {chatIds.value.length === 0 ? (
        <Empty title={t().noChats} hint={t().noChatsHint}>
          <Button kind="primary" icon="invite" onClick={onInvite}>
            {t().inviteSomeone}
          </Button>
        </Empty>
      ) : (
        <ul class={css.rows}>
          {ids.map((id) => (
            <Row key={id} id={id} isCurrent={id === current} onOpen={onOpen} />
          ))}
          {ids.length === 0 && <li class={css.none}>{t().nothingFound}</li>}
        </ul>
      )}
    </nav>
  );
}

export function titleOf(id: number): string {
  const view = chat(id);
  return view?.kind === 'saved' ? t().savedMessages : (view?.name ?? '');
}

function Row({ id, isCurrent, onOpen }: { id: number; isCurrent: boolean; onOpen: (id: number) => void }) {
  const view = chatSignal(id)?.value;
  if (!view) return null;
  const last = view.last_message;
  const unread = view.unread ?? 0;
  return (
    <li>
      <a
        href={`/chat/${id}`}
        class={css.row}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          onOpen(id);
        }}
      >
        <Avatar
          id={view.peer?.id ?? id}
          name={titleOf(id)}
          saved={view.kind === 'saved'}
          online={view.peer ? presence.value.get(view.peer.id)?.online : undefined}
        />
        <span class={css.name}>{titleOf(id)}</span>
        {last && (
          <time dateTime={last.sent_at} title={exactTime(last.sent_at, lang.value)}>
            {listTime(last.sent_at, lang.value)}
          </time>
        )}
        <span class={css.line}>
          <Line id={id} />
        </span>
        {unread > 0 && (
          <span class={css.badge} role="img" aria-label={t().unread(unread)}>
            {unread > 999 ? '999+' : unread}
          </span>
        )}
      </a>
    </li>
  );
}

/** Typing before draft before the last message. */
function Line({ id }: { id: number }) {
  const view = chat(id);
  const last = view?.last_message;
  const writers = [...(typing.value.get(id)?.keys() ?? [])];
  const draft = drafts.value.get(id);
  if (writers[0])
    return <em>{writers.length > 1 ? t().typingMany(writers.length) : t().typing(nameOf(writers[0]))}</em>;
  if (draft?.text) {
    return (
      <>
        <b class={css.draft}>{t().draft}:</b> {draft.text.slice(0, 100)}
      </>
    );
  }
  if (!last) return <>{t().emptyChat}</>;
  const who =
    last.kind === 'service' || view?.kind === 'saved'
      ? ''
      : last.sender_id === myId()
        ? t().you
        : view?.kind === 'group'
          ? nameOf(last.sender_id)
          : '';
  return <>{who ? `${who}: ${preview(last)}` : preview(last)}</>;
}

/** Ctrl or ⌘ and K finds a chat, on any keyboard layout. */
function useSearchKey(box: { current: HTMLInputElement | null }): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.code !== 'KeyK') return;
      event.preventDefault();
      box.current?.focus();
      box.current?.select();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, [box]);
}
