/** One chat in the list: its name, its last message, its unread count, and whether it is muted or pinned. */
import { useComputed } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { mutedWords, swipes } from '../../acts/list';
import type { ChatView } from '../../api/types';
import { Title } from '../../content/names/Name';
import { titleOf } from '../../content/names/names';
import { pendingLine, preview } from '../../content/preview';
import { lang, t } from '../../i18n';
import { clipMarks, cut } from '../../lib/characters';
import { memo } from '../../lib/memo';
import { exactTime, listTime } from '../../lib/time';
import { chat, chatSignal } from '../../store/chats';
import { today } from '../../store/clock';
import { drafts } from '../../store/drafts';
import { pendingOf } from '../../store/messages';
import { isArchived, isMuted, isQuiet, isUnread } from '../../store/mine/list';
import { mine } from '../../store/mine/state';
import { isWaiting } from '../../store/outbox';
import { isAway, myId } from '../../store/session';
import { countWords, UNREAD_MAX } from '../../store/unread';
import { isOnline, nameOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import { Icon, type IconName } from '../../ui/Icon';
import type { Spot } from '../../ui/place';
import { useDrag } from '../../ui/touch/drag';
import { usePress } from '../../ui/touch/press';
import css from './ChatList.module.css';
import { typingWords } from './typing';

interface Props {
  id: number;
  place: number;
  count: number;
  isCurrent: boolean;
  onOpen: (id: number) => void;
  onMenu: (id: number, at: Spot) => void;
}

export const Row = memo(function Row({ id, place, count, isCurrent, onOpen, onMenu }: Props) {
  const view = chatSignal(id)?.value;
  const { isPressed, ...doors } = useMenu((at) => onMenu(id, at));
  const { side, on } = useDrag((to) => {
    if (view && !isPressed.current) (to === 'end' ? swipes.toEnd : swipes.toStart)(view);
  });
  if (!view) return null;
  const last = view.last_message;
  return (
    <li aria-setsize={count} aria-posinset={place + 1} class={side ? css.swiped : undefined}>
      {side && <Hint view={view} side={side} />}
      <a
        href={`/chat/${id}`}
        class={css.row}
        data-place={place}
        data-chat={id}
        draggable={false}
        aria-current={isCurrent ? 'page' : undefined}
        {...doors}
        {...on}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          if (!isPressed.current) onOpen(id);
        }}
      >
        <Avatar
          id={view.peer?.id ?? id}
          name={titleOf(id)}
          picture={(view.peer ?? view).avatar}
          saved={view.kind === 'saved'}
          online={view.peer ? isOnline(view.peer.id) : undefined}
        />
        <span class={css.name}>
          <Title chatId={id} isLine />
        </span>
        {last && (
          <span class={css.when}>
            <Mark view={view} />
            <time dateTime={last.sent_at} title={exactTime(last.sent_at, lang.value)}>
              {listTime(last.sent_at, lang.value, today.value)}
            </time>
          </span>
        )}
        <span class={css.line}>
          <Line id={id} />
        </span>
        <Signs view={view} />
      </a>
    </li>
  );
});

/** Draws whether my last message waits or was refused, or else whether another person has read it. */
function Mark({ view }: { view: ChatView }) {
  const { value: waiting } = useComputed(() => pendingOf(view.id).at(-1));
  if (waiting?.state === 'failed') return <Sign icon="failed" label={t().stateFailed} />;
  if (waiting && (isWaiting(waiting) || isAway())) return <Sign icon="clock" label={t().stateQueued} />;
  const last = view.last_message;
  const isMine = last?.kind === 'text' && last.sender_id === myId() && !last.deleted_at;
  if (!last || !isMine || view.kind === 'saved') return null;
  const isRead = (view.others_read_seq ?? 0) >= last.seq;
  return (
    <span
      class={isRead ? `${css.sign} ${css.read}` : css.sign}
      role="img"
      aria-label={isRead ? t().stateRead : t().stateSent}
    >
      <Icon name={isRead ? 'read' : 'check'} size={14} />
    </span>
  );
}

/** Opens the menu of a row: by the right mouse button, a long press, the keys for menus. */
function useMenu(onMenu: (at: Spot) => void) {
  // A long press opened the menu; the row must not open when the finger lifts.
  const isPressed = useRef(false);
  const finger = usePress((at) => {
    isPressed.current = true;
    onMenu(at);
  }, 'button');
  return {
    isPressed,
    ...finger,
    onPointerDown: (event: PointerEvent): void => {
      isPressed.current = false;
      finger.onPointerDown(event);
    },
    onContextMenu: (event: MouseEvent): void => {
      event.preventDefault();
      if (!isPressed.current) onMenu({ x: event.clientX, y: event.clientY });
    },
    onKeyDown: (event: KeyboardEvent & { currentTarget: HTMLElement }): void => {
      isPressed.current = false;
      if (event.key !== 'ContextMenu' && !(event.shiftKey && event.key === 'F10')) return;
      event.preventDefault();
      const { left, bottom } = event.currentTarget.getBoundingClientRect();
      onMenu({ x: left + 24, y: bottom - 8 });
    },
  };
}

/** Reports what happens to the row when the finger lets go. */
function Hint({ view, side }: { view: ChatView; side: 'start' | 'end' }) {
  const words =
    side === 'end' ? (isUnread(view) ? t().markRead : t().markUnread) : isArchived(view) ? t().unarchive : t().archive;
  return (
    <span class={`${css.hint} ${side === 'start' ? css.toStart : ''}`} aria-hidden="true">
      <Icon name={side === 'end' ? 'unread' : 'archive'} size={20} />
      <span>{words}</span>
    </span>
  );
}

/**
 * Draws the signs of a row: muted, pinned, mentions, and the unread count, grey in a quiet chat, a dot for a mark
 * alone.
 */
function Signs({ view }: { view: ChatView }) {
  const my = mine(view);
  const badge = isQuiet(my) ? `${css.badge} ${css.quiet}` : css.badge;
  const isNamed = my.mentions > 0;
  return (
    <span class={css.signs}>
      {isMuted(my) && <Sign icon="bellOff" label={mutedWords(my.muted_until ?? '')} />}
      {my.pin !== null && <Sign icon="pin" label={t().pinned} />}
      {isNamed && (
        <span
          class={my.level === 'none' ? `${css.badge} ${css.quiet}` : css.badge}
          role="img"
          aria-label={t().mentions(my.mentions)}
          title={t().mentions(my.mentions)}
        >
          @
        </span>
      )}
      {isUnread(view) && (
        <span class={badge} role="img" aria-label={my.unread ? t().unread(my.unread) : t().markedUnread}>
          {my.unread ? countWords(my.unread, UNREAD_MAX) : ''}
        </span>
      )}
    </span>
  );
}

function Sign({ icon, label }: { icon: IconName; label: string }) {
  return (
    <span class={css.sign} role="img" aria-label={label} title={label}>
      <Icon name={icon} size={14} />
    </span>
  );
}

/**
 * Draws typing first, then the draft, then what is not sent yet, then the last message: none anew for what is written
 * in other chats.
 */
function Line({ id }: { id: number }) {
  const { value: last } = useComputed(() => chat(id)?.last_message);
  const { value: writing } = useComputed(() => typingWords(id));
  const { value: draft } = useComputed(() => drafts.value.get(id));
  const { value: waiting } = useComputed(() => pendingOf(id).at(-1));
  if (writing) return <em>{writing}</em>;
  if (draft?.text) {
    return (
      <>
        <b class={css.draft}>{t().draft}:</b> {clipMarks(cut(draft.text, 100))}
      </>
    );
  }
  if (waiting) return <>{`${t().you}: ${pendingLine(waiting)}`}</>;
  if (!last) return <>{t().emptyChat}</>;
  const who = authorOf(id);
  return <>{who ? `${who}: ${preview(last)}` : preview(last)}</>;
}

/** Returns the author of the last message if the chat does not make it clear. */
function authorOf(id: number): string {
  const view = chat(id);
  const last = view?.last_message;
  if (!last || last.kind === 'service' || view.kind === 'saved') return '';
  if (last.sender_id === myId()) return t().you;
  return view.kind === 'group' ? nameOf(last.sender_id) : '';
}
