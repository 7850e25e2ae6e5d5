/** The emoji picker: search, groups, arrows; a chunk of its own, loaded on first use. */
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/emoji';
import { keepSetting, readSetting } from '../../lib/browser';
import { useOver } from '../../ui/over';
import { type Emoji, emoji, findEmoji } from '../emoji';
import css from './EmojiPicker.module.css';

const COLUMNS = 8;
/** The size in px, as in the style: the picker stays inside the page. */
const WIDTH = 344;
const HEIGHT = 380;
const HEIGHT_PART = 0.6;
const FOUND_MOST = 80;
const RECENT = 'emoji-recent';
const RECENT_MOST = 2 * COLUMNS;

interface Props {
  anchor: HTMLElement;
  onPick: (mark: string) => void;
  onClose: () => void;
}

export function EmojiPicker({ anchor, onPick, onClose }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const recent = useMemo(recentEmoji, []);
  const words = t();
  const sections = useMemo(() => (typed.trim() ? found(typed, words) : grouped(recent, words)), [typed, recent, words]);
  useEffect(() => {
    box.current?.showPopover();
    box.current?.querySelector('input')?.focus();
  }, []);
  useOver(() => {
    // The focus goes back to the field; the event that says so comes later than the next way back may.
    box.current?.hidePopover();
    onClose();
  });
  const { right, top } = anchor.getBoundingClientRect();
  const most = innerHeight - Math.min(HEIGHT, innerHeight * HEIGHT_PART) - 8;
  const show = (title: string): void => {
    setTyped('');
    requestAnimationFrame(() => sectionOf(box.current, title)?.scrollIntoView({ block: 'start' }));
  };
  const pick = (mark: string, stays: boolean): void => {
    const marks = [mark, ...recent.map((one) => one.mark).filter((one) => one !== mark)];
    keepSetting(RECENT, marks.slice(0, RECENT_MOST).join(' '));
    if (!stays) box.current?.hidePopover();
    onPick(mark);
  };
  return (
    <div
      ref={box}
      popover="auto"
      role="dialog"
      aria-label={t().emoji}
      class={css.picker}
      style={{
        insetInlineEnd: `${Math.max(8, Math.min(innerWidth - right, innerWidth - WIDTH - 8))}px`,
        insetBlockEnd: `${Math.min(innerHeight - top + 8, most)}px`,
      }}
      onToggle={(event) => event.newState === 'closed' && onClose()}
      onKeyDown={(event) => onKey(event, box.current)}
    >
      <input
        type="search"
        aria-label={t().emojiSearch}
        placeholder={t().emojiSearch}
        autoComplete="off"
        value={typed}
        onInput={(event) => setTyped(event.currentTarget.value)}
      />
      <div class={css.sections}>
        {sections.map(({ title, items }) => (
          <section key={title} aria-label={title} style={{ containIntrinsicBlockSize: measure(items.length) }}>
            <p class={css.title} aria-hidden="true">
              {title}
            </p>
            <div class={css.marks}>
              {items.map(({ mark, name }, place) => (
                <button
                  key={mark}
                  type="button"
                  data-mark={mark}
                  tabIndex={place ? -1 : 0}
                  aria-label={name[lang.value]}
                  title={name[lang.value]}
                  onClick={(event) => pick(mark, event.shiftKey)}
                >
                  {mark}
                </button>
              ))}
            </div>
          </section>
        ))}
        {!sections.length && <p role="status">{t().nothingFound}</p>}
      </div>
      <div class={css.tabs} role="group" aria-label={t().emojiGroup}>
        {recent.length > 0 && <Tab face="🕘" title={t().emojiRecent} onShow={show} />}
        {Object.entries(t().emojiGroups).map(([group, title]) => (
          <Tab key={group} face={emoji.find((one) => one.group === Number(group))?.mark} title={title} onShow={show} />
        ))}
      </div>
    </div>
  );
}

interface TabProps {
  face: string | undefined;
  title: string;
  onShow: (title: string) => void;
}

function Tab({ face, title, onShow }: TabProps) {
  return (
    <button type="button" aria-label={title} title={title} onClick={() => onShow(title)}>
      {face}
    </button>
  );
}

const sectionOf = (box: HTMLElement | null, title: string): Element | undefined =>
  [...(box?.querySelectorAll('section') ?? [])].find((one) => one.ariaLabel === title);

type Words = ReturnType<typeof t>;

interface Section {
  title: string;
  items: readonly Emoji[];
}

function found(typed: string, words: Words): Section[] {
  const items = findEmoji(typed, FOUND_MOST);
  return items.length ? [{ title: words.emoji, items }] : [];
}

function grouped(recent: readonly Emoji[], { emojiGroups, emojiRecent }: Words): Section[] {
  const groups = Object.entries(emojiGroups).map(([group, title]) => ({
    title,
    items: emoji.filter((one) => one.group === Number(group)),
  }));
  return recent.length ? [{ title: emojiRecent, items: recent }, ...groups] : groups;
}

function recentEmoji(): Emoji[] {
  const marks = readSetting(RECENT)?.split(' ') ?? [];
  return marks.map((mark) => emoji.find((one) => one.mark === mark)).filter((one) => one !== undefined);
}

/** Returns the height of a group that is not drawn yet, so that the scrollbar is right. */
const measure = (items: number): string => `${32 + Math.ceil(items / COLUMNS) * 40}px`;

/** Moves through the rows and groups with arrows; Enter in the search takes the first emoji. */
function onKey(event: KeyboardEvent, box: HTMLElement | null): void {
  const rows = [...(box?.querySelectorAll('section') ?? [])].flatMap((section) => {
    const all = [...section.querySelectorAll<HTMLElement>('[data-mark]')];
    return Array.from({ length: Math.ceil(all.length / COLUMNS) }, (_, row) =>
      all.slice(row * COLUMNS, (row + 1) * COLUMNS),
    );
  });
  const now = event.target as HTMLElement;
  const row = rows.findIndex((one) => one.includes(now));
  const isSearch = now instanceof HTMLInputElement;
  if (isSearch && event.key === 'Enter') rows[0]?.[0]?.click();
  else if (isSearch && event.key === 'ArrowDown') rows[0]?.[0]?.focus();
  else if (event.key === 'ArrowUp' && row === 0) box?.querySelector('input')?.focus();
  else if (row >= 0) {
    const flat = rows.flat();
    const column = rows[row]?.indexOf(now) ?? 0;
    const near = (next: number): HTMLElement | undefined => rows[next]?.[column] ?? rows[next]?.at(-1);
    const next = {
      ArrowRight: flat[flat.indexOf(now) + 1],
      ArrowLeft: flat[flat.indexOf(now) - 1],
      ArrowDown: near(row + 1),
      ArrowUp: near(row - 1),
      Home: rows[row]?.[0],
      End: rows[row]?.at(-1),
    }[event.key];
    if (!next) return;
    next.focus();
  } else return;
  event.preventDefault();
  event.stopPropagation();
}
