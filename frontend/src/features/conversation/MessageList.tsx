/** The messages of a chat: stands still while things load, sticks to the end where the reader stands at it. */
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { preview } from '../../content/preview';
import { lang, t } from '../../i18n';
import { dayName } from '../../lib/time';
import { chat } from '../../store/chats';
import { pendingOf, placeOf, removing, type Window } from '../../store/messages';
import { myId } from '../../store/session';
import { nameOf } from '../../store/users';
import { loadAfter, loadBefore, loadNewest, markRead } from '../../sync';
import { Icon } from '../../ui/Icon';
import type { Spot } from '../../ui/Menu';
import { Message } from '../message/Message';
import { PendingMessage } from '../message/PendingMessage';
import css from './MessageList.module.css';
import { elementOf, useScroll } from './scroll';
import { rowsOf } from './window';

interface Props {
  chatId: number;
  title: string;
  window: Window;
  divider: number;
  target: number | null;
  onMenu: (message: MessageView, at: Spot) => void;
  onJump: (seq: number) => void;
  onEditPending: (text: string) => void;
}

export function MessageList({ chatId, title, window, divider, target, onMenu, onJump, onEditPending }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const waiting = pendingOf(chatId);
  const rows = useMemo(
    () => rowsOf(window.items, waiting, divider, myId()),
    [window, waiting.map((one) => one.cmid + one.state).join(), divider],
  );
  const isGroup = chat(chatId)?.kind === 'group';
  const scroll = useScroll(box, chatId, rows, {
    before: useCallback(() => (window.hasBefore ? loadBefore(chatId) : undefined), [chatId, window.hasBefore]),
    after: useCallback(() => (window.hasAfter ? loadAfter(chatId) : undefined), [chatId, window.hasAfter]),
    seen: useCallback((seq: number) => markRead(chatId, seq), [chatId]),
  });
  useLayoutEffect(() => {
    if (target) elementOf(box.current, target)?.focus({ preventScroll: false });
  }, [target, window.items.length > 0]);
  const below = (chat(chatId)?.unread ?? 0) > 0 && !scroll.isAtEnd;
  return (
    <div class={css.frame}>
      <div
        ref={box}
        class={css.list}
        tabIndex={0}
        role="region"
        aria-label={t().messagesOf(title)}
        onKeyDown={(event) => walk(event, box.current)}
      >
        <div class={css.spacer} />
        {rows.length === 0 && <p class={css.empty}>{t().emptyChat}</p>}
        {rows.map((row) => {
          if (row.kind === 'day') {
            return (
              <h2 key={row.key} class={css.day}>
                <span>{dayName(row.at, lang.value)}</span>
              </h2>
            );
          }
          if (row.kind === 'unread') {
            return (
              <p key={row.key} class={css.unread} data-unread>
                <span>{t().newMessages}</span>
              </p>
            );
          }
          if (row.kind === 'pending')
            return (
              <PendingMessage
                key={row.key}
                item={row.item}
                isFirst={row.isFirst}
                isGroup={isGroup}
                onEdit={onEditPending}
              />
            );
          const { message, isFirst } = row;
          return (
            <Message
              key={row.key}
              message={message}
              isFirst={isFirst}
              isGroup={isGroup}
              isHidden={removing.value.has(placeOf(message))}
              onMenu={onMenu}
              onJump={onJump}
            />
          );
        })}
      </div>
      {(!scroll.isAtEnd || window.hasAfter) && (
        <button
          type="button"
          class={css.down}
          aria-label={t().toNewest}
          onClick={async () => {
            if (window.hasAfter) await loadNewest(chatId);
            scroll.toEnd();
          }}
        >
          {below && <span class={css.count}>{chat(chatId)?.unread}</span>}
          <Icon name="down" />
        </button>
      )}
      <Announcer items={window.items} />
    </div>
  );
}

/** Arrows, J and K go from message to message; Home and End to the edges. */
function walk(event: KeyboardEvent, box: HTMLElement | null): void {
  if (event.target instanceof HTMLButtonElement || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...(box?.querySelectorAll<HTMLElement>('article[data-seq]') ?? [])];
  const now = all.indexOf(document.activeElement as HTMLElement);
  const steps: Record<string, number> = { ArrowUp: -1, KeyK: -1, ArrowDown: 1, KeyJ: 1 };
  const step = steps[event.code];
  const next =
    event.code === 'Home'
      ? 0
      : event.code === 'End'
        ? all.length - 1
        : step === undefined
          ? -1
          : now < 0
            ? all.length - 1
            : now + step;
  const element = all[next];
  if (!element) return;
  event.preventDefault();
  element.focus();
  element.scrollIntoView({ block: 'nearest' });
}

/** Speaks what others say in the open chat, at most once in 2 s; more than one becomes a number. */
function Announcer({ items }: { items: readonly MessageView[] }) {
  const [words, setWords] = useState('');
  const last = useRef(items.at(-1)?.seq ?? 0);
  const waiting = useRef<MessageView[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => {
    waiting.current.push(
      ...items.filter((one) => one.seq > last.current && one.sender_id !== myId() && one.kind === 'text'),
    );
    last.current = items.at(-1)?.seq ?? last.current;
    if (!waiting.current.length || timer.current) return;
    timer.current = setTimeout(() => {
      const [first, ...more] = waiting.current;
      if (first)
        setWords(
          more.length
            ? t().newCount(more.length + 1)
            : t().saidBy(nameOf(first.sender_id), preview(first).slice(0, 120)),
        );
      waiting.current = [];
      timer.current = null;
    }, 2000);
  }, [items]);
  return (
    <p class={css.spoken} aria-live="polite">
      {words}
    </p>
  );
}
