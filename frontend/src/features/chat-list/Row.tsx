/** One chat in the list: who, what was said last and when, what is unread. */
import { Title } from '../../content/names/Name';
import { titleOf } from '../../content/names/names';
import { preview } from '../../content/preview';
import { lang, t } from '../../i18n';
import { clipMarks, cut } from '../../lib/characters';
import { exactTime, listTime } from '../../lib/time';
import { chat, chatSignal } from '../../store/chats';
import { drafts } from '../../store/drafts';
import { myId } from '../../store/session';
import { nameOf, presence } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import css from './ChatList.module.css';
import { typingWords } from './typing';

interface Props {
  id: number;
  place: number;
  count: number;
  isCurrent: boolean;
  onOpen: (id: number) => void;
}

export function Row({ id, place, count, isCurrent, onOpen }: Props) {
  const view = chatSignal(id)?.value;
  if (!view) return null;
  const last = view.last_message;
  const { unread } = view.my;
  return (
    <li aria-setsize={count} aria-posinset={place + 1}>
      <a
        href={`/chat/${id}`}
        class={css.row}
        data-place={place}
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
          picture={(view.peer ?? view).avatar}
          saved={view.kind === 'saved'}
          online={view.peer ? presence.value.get(view.peer.id)?.online : undefined}
        />
        <span class={css.name}>
          <Title chatId={id} isLine />
        </span>
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
  const writing = typingWords(id);
  const draft = drafts.value.get(id);
  if (writing) return <em>{writing}</em>;
  if (draft?.text) {
    return (
      <>
        <b class={css.draft}>{t().draft}:</b> {clipMarks(cut(draft.text, 100))}
      </>
    );
  }
  if (!last) return <>{t().emptyChat}</>;
  const who = authorOf(id);
  return <>{who ? `${who}: ${preview(last)}` : preview(last)}</>;
}

/** Whose the last line is, where that is not plain from the chat. */
function authorOf(id: number): string {
  const view = chat(id);
  const last = view?.last_message;
  if (!last || last.kind === 'service' || view.kind === 'saved') return '';
  if (last.sender_id === myId()) return t().you;
  return view.kind === 'group' ? nameOf(last.sender_id) : '';
}
