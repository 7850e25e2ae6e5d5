/** The messages of a chat: keeps its place while things load, follows the end if the reader is there. */
import type { RefObject } from 'preact';
import { useCallback, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { keyIn } from '../../acts/act';
import { shortcutOf } from '../../acts/all';
import { goToMention } from '../../acts/mentions';
import type { MessageView } from '../../api/types';
import type { Open } from '../../content/things';
import { t } from '../../i18n';
import { dayStart, dayValue } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { today } from '../../store/clock';
import type { Draft } from '../../store/drafts';
import { type Pending, pending, type Window, windowOf } from '../../store/messages';
import { mine } from '../../store/mine/state';
import { myId } from '../../store/session';
import { countWords, MENTIONS_MAX, UNREAD_MAX } from '../../store/unread';
import { loadAfter, loadBefore, markRead } from '../../sync';
import { answerCopy } from '../../ui/clipboard';
import { Icon } from '../../ui/Icon';
import type { Spot } from '../../ui/place';
import { told } from '../../ui/Toast';
import { Announcer } from './Announcer';
import { useFadingDays } from './days';
import { type Down, useDown } from './down';
import { useDrawn } from './drawn';
import { Lines } from './Lines';
import css from './MessageList.module.css';
import { elementOf, opensAt, useScroll } from './scroll';
import type { Selecting } from './selecting';
import { copied } from './selection';
import { useStops } from './stops';
import { type Row, rowsOf } from './window';

const EMPTY: Window = { items: [], hasBefore: false, hasAfter: false };

interface Props {
  chatId: number;
  title: string;
  divider: number;
  target: number | null;
  visit: object;
  selecting: Selecting;
  /** The message whose menu is open. */
  marked: number | null;
  onMenu: (message: MessageView, at: Spot) => void;
  onKey: (message: MessageView, event: KeyboardEvent) => boolean;
  open: Open;
  onDay: (day: string) => void;
  onEditPending: (draft: Draft) => void;
}

export function MessageList(props: Props) {
  const { chatId, title, target, visit, selecting } = props;
  const window = windowOf(chatId).value ?? EMPTY;
  const box = useRef<HTMLDivElement>(null);
  const date = useRef<HTMLInputElement>(null);
  const all = useRows(props, window, pending.value, myId());
  const { rows, isFirst, isLast } = useDrawn(all, () => opensAt(chatId, target, all));
  useKeptFocus(box, rows);
  const [hasBefore, hasAfter] = [isFirst && window.hasBefore, isLast && window.hasAfter];
  const scroll = useScroll(box, chatId, rows, target, {
    isLast,
    before: useCallback(() => (hasBefore ? loadBefore(chatId) : undefined), [chatId, hasBefore]),
    after: useCallback(() => (hasAfter ? loadAfter(chatId) : undefined), [chatId, hasAfter]),
    seen: useCallback((seq: number) => markRead(chatId, seq), [chatId]),
  });
  useFadingDays(box);
  const isLoaded = rows.some((one) => one.kind === 'message' && one.message.seq === target);
  // Only once a visit: a message that scrolls in again later does not move the reader back.
  const pointed = useRef<object | null>(null);
  useLayoutEffect(() => {
    if (!isLoaded || pointed.current === visit) return;
    pointed.current = visit;
    // After the list is at its place.
    queueMicrotask(() => point(elementOf(box.current, target ?? 0)));
  }, [visit, isLoaded, target]);
  useStops(box);
  const pickDay = useCallback(() => openPicker(date.current), []);
  const down = useDown(box, chatId, props.open, scroll);
  return (
    <div class={css.frame}>
      <DateField field={date} onDay={props.onDay} />
      <div
        ref={box}
        class={css.list}
        tabIndex={0}
        role="region"
        aria-label={t().messagesOf(title)}
        onKeyDown={(event) => walk(event, box.current, selecting.extend)}
        onMouseDown={(event) => {
          // The browser would select the text up to there.
          if (event.shiftKey && getSelection()?.isCollapsed && seqAt(event.target)) event.preventDefault();
        }}
        onClickCapture={(event) => {
          if (!select(event, selecting)) return;
          event.preventDefault();
          event.stopPropagation();
        }}
        data-selecting={selecting.seqs.size > 0}
        onClick={(event) => {
          // A message that was only clicked takes no keys: typing then means writing.
          if (event.target instanceof Element && document.activeElement?.matches('article'))
            box.current?.focus({ preventScroll: true });
        }}
        onCopy={(event) => {
          const lines = copied(window.items);
          if (lines) answerCopy(event, lines);
        }}
      >
        <div class={css.spacer} />
        {rows.length === 0 && <p class={css.empty}>{t().emptyChat}</p>}
        <Lines rows={rows} pickDay={pickDay} {...props} open={down.open} />
      </div>
      <Jumps chatId={chatId} down={!scroll.isAtEnd || window.hasAfter ? down : null} open={props.open} />
      <Announcer items={window.items} />
    </div>
  );
}

interface JumpsProps extends Pick<Props, 'chatId' | 'open'> {
  /** Missing if the reader is at the newest message. */
  down: Down | null;
}

/** Draws the buttons to the next unread mention and down. */
function Jumps({ chatId, down, open }: JumpsProps) {
  const onJump = (seq: number): void => open({ kind: 'chat', chatId, seq });
  const view = chatSignal(chatId)?.value;
  const { unread, mentions } = view ? mine(view) : { unread: 0, mentions: 0 };
  const toMention = t().toMention(mentions);
  const toNext = down?.isBack ? t().toReply : t().toNewest;
  return (
    <div class={css.jumps}>
      {mentions > 0 && (
        <button
          type="button"
          aria-label={toMention}
          aria-keyshortcuts={shortcutOf('next-mention')}
          title={toMention}
          onClick={() => void goToMention(chatId, onJump).catch(told)}
        >
          <span class={css.count}>{countWords(mentions, MENTIONS_MAX)}</span>
          <Icon name="mention" />
        </button>
      )}
      {down && (
        <button type="button" aria-label={toNext} title={toNext} onClick={() => void down.go().catch(told)}>
          {unread > 0 && <span class={css.count}>{countWords(unread, UNREAD_MAX)}</span>}
          <Icon name="down" />
        </button>
      )}
    </div>
  );
}

function useRows({ chatId, divider }: Props, window: Window, unsent: readonly Pending[], me: number): readonly Row[] {
  return useMemo(() => {
    const waiting = unsent.filter((one) => one.data.chat_id === chatId);
    // Above the range: its first message is not the first unread one.
    const isBefore = window.hasBefore && (window.items[0]?.seq ?? 0) > divider + 1;
    return rowsOf(window.items, waiting, isBefore ? 0 : divider, me, window.hasBefore);
  }, [chatId, window, divider, unsent, me]);
}

/** Gives the focus to the list when its message leaves the window. */
function useKeptFocus(box: RefObject<HTMLDivElement | null>, rows: readonly Row[]): void {
  const isInside = box.current?.contains(document.activeElement) ?? false;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows that are drawn take the focus away
  useLayoutEffect(() => {
    if (isInside && document.activeElement === document.body) box.current?.focus({ preventScroll: true });
  }, [box, rows]);
}

/** Draws the header of a day; it opens the browser's own calendar. */
function DateField({ field, onDay }: { field: { current: HTMLInputElement | null }; onDay: (day: string) => void }) {
  return (
    <input
      ref={field}
      type="date"
      class={css.date}
      tabIndex={-1}
      aria-label={t().jumpToDate}
      max={dayValue(today.value)}
      onChange={(event) => {
        const start = dayStart(event.currentTarget.value);
        if (start) onDay(start);
      }}
    />
  );
}

function openPicker(field: HTMLInputElement | null): void {
  if (field && 'showPicker' in field) field.showPicker();
}

/** Focuses the message of the address and highlights it for a moment. */
function point(element: HTMLElement | null): void {
  if (!element) return;
  element.scrollIntoView({ block: 'center' });
  element.focus({ preventScroll: true });
  element.animate([{ background: 'var(--accent-soft)' }, { background: 'transparent' }], 1600);
}

/** Returns the seq of the message at a place of the page; 0 if there is none. */
const seqAt = (place: EventTarget | Element | null | undefined): number =>
  place instanceof Element ? Number(place.closest<HTMLElement>('article[data-seq]')?.dataset.seq ?? 0) : 0;

/** Selects messages on a click with Shift, or on any click while some are selected; returns whether it did. */
function select({ target, shiftKey }: MouseEvent, { seqs, toggle, extend }: Selecting): boolean {
  const seq = seqAt(target);
  if (!seq || (!seqs.size && !(shiftKey && getSelection()?.isCollapsed))) return false;
  if (shiftKey) extend(seqAt(document.activeElement) || seq, seq);
  else toggle(seq);
  return true;
}

/** Moves between messages with arrows, J and K, and selects them with Shift; Home and End go to the edges. */
function walk(event: KeyboardEvent, box: HTMLElement | null, extend: Selecting['extend']): void {
  if (event.target instanceof HTMLButtonElement || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = [...(box?.querySelectorAll<HTMLElement>('article[data-seq]') ?? [])];
  const now = all.indexOf(document.activeElement as HTMLElement);
  // Letters count only on a message: on the list itself they go to the composer.
  const letters: Record<string, number> = now < 0 ? {} : { KeyK: -1, KeyJ: 1 };
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.code] ?? letters[keyIn(event)];
  const next =
    { Home: 0, End: all.length - 1 }[event.code] ?? (step === undefined ? -1 : now < 0 ? all.length - 1 : now + step);
  const element = all[next];
  if (!element) return;
  event.preventDefault();
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: 'nearest' });
  if (event.shiftKey) extend(seqAt(all[now] ?? element), seqAt(element));
}
