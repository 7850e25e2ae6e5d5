/** Acts on a chat of the list: in its menu, by keys, in the palette, by a swipe. Each announces its result. */
import type { ChatView, MemberState } from '../api/types';
import { lang, t } from '../i18n';
import { serverNow } from '../lib/clock';
import { exactTime } from '../lib/time';
import { chat } from '../store/chats';
import { chatIds, isArchived, isMuted, isUnread, placesFor, topPlace } from '../store/mine/list';
import { mine } from '../store/mine/state';
import { type MineChange, markAsRead, markUnread, setMine } from '../sync';
import { toast } from '../ui/Toast';
import type { Act, Context } from './act';

const HOUR_MS = 3_600_000;
/** The last moment on the wire: muted until it is taken back. */
const ALWAYS = '9999-12-31T23:59:59.999Z';

/** Changes the state of a chat, says so, and offers to undo it. */
function set(view: ChatView, change: MineChange, words: string): void {
  const my = mine(view);
  const before = Object.keys(change).map((name) => [name, my[name as keyof MineChange]]);
  setMine(view.id, change);
  toast(words, { label: t().undo, run: () => setMine(view.id, Object.fromEntries(before) as MineChange) });
}

function toggleUnread(view: ChatView): void {
  const isRead = isUnread(view);
  (isRead ? markAsRead : markUnread)(view.id);
  toast(isRead ? t().saidRead : t().markedUnread);
}

function togglePin(view: ChatView): void {
  if (isPinned(view)) set(view, { pin: null }, t().saidUnpinned);
  else set(view, { pin: topPlace() }, t().saidPinned);
}

function move(id: number, step: 1 | -1): void {
  for (const [one, pin] of placesFor(id, step)) setMine(one, { pin });
  toast(t().saidMoved(chatIds.value.indexOf(id) + 1));
}

function mute(view: ChatView, forMs: number): void {
  const until = forMs ? new Date(serverNow() + forMs).toISOString() : ALWAYS;
  // A chat that came back from the archive would return there once it is muted.
  const stays = mine(view).archived !== null && !isArchived(view) ? { archived: null } : {};
  set(view, { ...stays, muted_until: until }, mutedWords(until));
}

/** Returns the text that says until when a chat is muted. */
export const mutedWords = (until: string): string =>
  until === ALWAYS ? t().muted : t().mutedUntil(exactTime(until, lang.value));

function toggleMute(view: ChatView): void {
  if (isMuted(mine(view))) set(view, { muted_until: null }, t().saidUnmuted);
  else mute(view, 0);
}

function toggleArchive(view: ChatView): void {
  if (isArchived(view)) set(view, { archived: null }, t().saidUnarchived);
  else set(view, { archived: view.head_seq ?? 0 }, t().saidArchived);
}

const isPinned = (view: ChatView): boolean => mine(view).pin !== null;
const isSaved = ({ kind }: ChatView): boolean => kind === 'saved';
const mayMute = (view: ChatView): boolean => !isSaved(view) && !isMuted(mine(view));

const LEVELS: readonly MemberState['level'][] = ['all', 'mentions', 'none'];
const levelWords = (level: MemberState['level']): string =>
  ({ all: t().levelAll, mentions: t().levelMentions, none: t().levelNone })[level];

/** Returns the text that says what a chat notifies about. */
export const noticeWords = (my: MemberState): string =>
  [isMuted(my) && mutedWords(my.muted_until ?? ''), (my.level !== 'all' || !isMuted(my)) && levelWords(my.level)]
    .filter(Boolean)
    .join(' · ');

/** An act as the list defines it: it takes the view of its chat; without one its label is that of the key. */
interface Row extends Pick<Act, 'id' | 'icon'> {
  within?: Act['within'];
  /** The key beside Alt and Shift. */
  code?: string;
  label: (view?: ChatView) => string;
  isOn?: (view: ChatView) => boolean;
  when?: (view: ChatView) => boolean;
  run: (view: ChatView) => void;
}

const rows: readonly Row[] = [
  {
    id: 'toggle-unread',
    icon: 'unread',
    code: 'KeyU',
    label: (view) => (!view ? t().keyUnread : isUnread(view) ? t().markRead : t().markUnread),
    run: toggleUnread,
  },
  {
    id: 'toggle-pin',
    icon: 'pin',
    code: 'KeyP',
    label: (view) => (!view ? t().keyPin : isPinned(view) ? t().unpin : t().pin),
    run: togglePin,
  },
  {
    id: 'move-up',
    icon: 'up',
    code: 'PageUp',
    label: (view) => (view ? t().moveUp : t().keyMoveUp),
    when: ({ id }) => placesFor(id, -1).length > 0,
    run: ({ id }) => move(id, -1),
  },
  {
    id: 'move-down',
    icon: 'down',
    code: 'PageDown',
    label: (view) => (view ? t().moveDown : t().keyMoveDown),
    when: ({ id }) => placesFor(id, 1).length > 0,
    run: ({ id }) => move(id, 1),
  },
  {
    id: 'toggle-archive',
    icon: 'archive',
    code: 'KeyA',
    label: (view) => (!view ? t().keyArchive : isArchived(view) ? t().unarchive : t().archive),
    run: toggleArchive,
  },
  {
    id: 'toggle-mute',
    icon: 'bellOff',
    code: 'KeyM',
    label: (view) => (!view ? t().keyMute : isMuted(mine(view)) ? t().unmute : t().mute),
    when: (view) => !isSaved(view),
    run: toggleMute,
  },
  {
    id: 'mute-hour',
    within: 'mute',
    icon: 'clock',
    label: () => t().muteHour,
    when: mayMute,
    run: (view) => mute(view, HOUR_MS),
  },
  {
    id: 'mute-8-hours',
    within: 'mute',
    icon: 'clock',
    label: () => t().mute8Hours,
    when: mayMute,
    run: (view) => mute(view, 8 * HOUR_MS),
  },
  {
    id: 'mute-week',
    within: 'mute',
    icon: 'clock',
    label: () => t().muteWeek,
    when: mayMute,
    run: (view) => mute(view, 168 * HOUR_MS),
  },
  ...LEVELS.map(
    (level): Row => ({
      id: `level-${level}`,
      within: 'level',
      icon: 'bell',
      label: () => levelWords(level),
      isOn: (view) => mine(view).level === level,
      when: (view) => !isSaved(view),
      run: (view) => set(view, { level }, levelWords(level)),
    }),
  ),
];

const viewOf = (context?: Context): ChatView | undefined => (context?.chatId ? chat(context.chatId) : undefined);

function actOf({ id, icon, within, code, label, isOn, when, run }: Row): Act {
  const meant =
    <T>(ask: (view: ChatView) => T) =>
    (context: Context): T | undefined => {
      const view = viewOf(context);
      return view && ask(view);
    };
  return {
    id,
    icon,
    on: 'chat',
    ...(within && { within }),
    label: (context) => label(viewOf(context)),
    when: (context) => meant(when ?? (() => true))(context) ?? false,
    run: meant(run),
    ...(code && { chord: { code, alt: true, shift: true } }),
    ...(isOn && { isOn: (context: Context) => meant(isOn)(context) ?? false }),
  };
}

export const listActs: readonly Act[] = rows.map(actOf);

/** The effect of a swipe. */
export const swipes = { toEnd: toggleUnread, toStart: toggleArchive };
