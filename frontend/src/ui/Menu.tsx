/** A menu at a place on the screen: arrows, Home, End, first letters, Escape, a submenu. The focus returns. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './Icon';
import css from './Menu.module.css';
import { useOver } from './over';
import { type Place, placeOf, type Spot } from './place';

export interface MenuItem {
  label: string;
  icon: IconName;
  danger?: boolean;
  /** Its key, in words. */
  keys?: string;
  /** The same for `aria-keyshortcuts`. */
  shortcut?: string | undefined;
  /** Whether it is the chosen one of several. */
  isOn?: boolean | undefined;
  run?: () => void;
  /** The items of its submenu, instead of `run`. */
  items?: readonly MenuItem[];
}

interface Props {
  /** Draws the head over the items; its elements of the role `menuitemcheckbox` take part in the arrow keys. */
  head?: ComponentChildren;
  items: readonly MenuItem[];
  at: Spot;
  label: string;
  onClose: () => void;
}

export function Menu({ head, items, at, label, onClose }: Props) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState<Place>(at);
  const [inside, setInside] = useState<string | null>(null);
  const outer = items.find((one) => one.label === inside);
  useLayoutEffect(() => ref.current?.showPopover(), []);
  useOver(outer ? () => setInside(null) : onClose);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other items have another size
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    // Its own height, not the one that it was cut down to.
    const size = { width: box.offsetWidth, height: box.scrollHeight + box.offsetHeight - box.clientHeight };
    setPlace(placeOf(size, at, { width: innerWidth, height: innerHeight }));
  }, [at, inside]);
  useOutside(ref, onClose);
  // The focus moves at once, not after the next paint: the chosen action may need it elsewhere by then.
  useLayoutEffect(() => {
    const from = document.activeElement;
    return () => {
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  useFocus(ref, inside);
  const choose = ({ label: chosen, items: inner, run }: MenuItem): void => {
    if (inner) setInside(chosen);
    else {
      onClose();
      // The focus moves after the menu is gone: a dialog returns the focus to the menu's element.
      if (run) queueMicrotask(run);
    }
  };
  return (
    <div
      ref={ref}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={outer?.label ?? label}
      class={css.menu}
      style={{ left: `${place.x}px`, top: `${place.y}px`, maxBlockSize: place.height && `${place.height}px` }}
      onKeyDown={(event) => {
        const isBack = outer && (event.key === 'Escape' || event.key === 'ArrowLeft');
        const isIn = event.key === 'ArrowRight' && document.activeElement?.ariaHasPopup === 'menu';
        if (isBack) setInside(null);
        else if (isIn) (document.activeElement as HTMLElement).click();
        else if (event.key === 'Escape' || event.key === 'Tab') onClose();
        else return move(event, ref.current);
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      {outer ? (
        <Item item={{ label: outer.label, icon: 'back', run: () => setInside(null) }} onChoose={(one) => one.run?.()} />
      ) : (
        head
      )}
      {(outer?.items ?? items).map((item) => (
        <Item key={item.label} item={item} onChoose={choose} />
      ))}
    </div>
  );
}

function Item({ item, onChoose }: { item: MenuItem; onChoose: (item: MenuItem) => void }) {
  const { label, icon, danger, keys, shortcut, isOn, items } = item;
  return (
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: checked is only what has the role for it
    <button
      type="button"
      role={isOn === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={isOn}
      aria-haspopup={items && 'menu'}
      aria-keyshortcuts={shortcut}
      class={danger ? `${css.item} ${css.danger}` : css.item}
      onClick={() => onChoose(item)}
    >
      <Icon name={icon} size={18} />
      <span>{label}</span>
      {keys && <small aria-hidden="true">{keys}</small>}
      {isOn && <Icon name="check" size={18} />}
      {items && <Icon name="further" size={18} />}
    </button>
  );
}

/** Closes by hand: the browser would treat the lifted finger of a long press as a touch outside. */
function useOutside(ref: { current: HTMLElement | null }, onClose: () => void): void {
  useEffect(() => {
    const onDown = ({ target }: PointerEvent): void => {
      if (!ref.current?.contains(target as Node)) onClose();
    };
    addEventListener('pointerdown', onDown, { capture: true });
    return () => removeEventListener('pointerdown', onDown, { capture: true });
  }, [ref, onClose]);
}

/** Focuses the first item below the head; in a submenu the chosen one, on the way back its item. */
function useFocus(ref: { current: HTMLElement | null }, inside: string | null): void {
  const before = useRef<string | null>(null);
  useLayoutEffect(() => {
    const all = buttons(ref.current);
    const meant = inside
      ? (all.find((one) => one.ariaChecked === 'true') ?? all[1])
      : all.find((one) => before.current !== null && one.textContent === before.current);
    before.current = inside;
    (meant ?? all.find((one) => one.role === 'menuitem') ?? all[0])?.focus();
  }, [ref, inside]);
}

const buttons = (box: HTMLElement | null): HTMLElement[] => [
  ...(box?.querySelectorAll<HTMLElement>('[role^=menuitem]') ?? []),
];

function move(event: KeyboardEvent, box: HTMLElement | null): void {
  const all = buttons(box);
  const now = all.indexOf(document.activeElement as HTMLElement);
  const isInRow = all[now]?.role === 'menuitemcheckbox';
  const sideways = isInRow ? { ArrowRight: now + 1, ArrowLeft: now - 1 } : {};
  const steps: Record<string, number | undefined> = {
    ...sideways,
    ArrowDown: now + 1,
    ArrowUp: now - 1,
    Home: 0,
    End: all.length - 1,
  };
  const next = steps[event.key];
  const lettered =
    event.key.length === 1
      ? all.find((one) => one.textContent?.toLowerCase().startsWith(event.key.toLowerCase()))
      : undefined;
  if (next === undefined && !lettered) return;
  event.preventDefault();
  event.stopPropagation();
  (lettered ?? all[((next ?? 0) + all.length) % all.length])?.focus();
}
