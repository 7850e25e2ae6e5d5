/** A menu at a place on the screen: arrows, Home, End, first letters, Escape; focus returns. */
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon, type IconName } from './Icon';
import css from './Menu.module.css';

export interface MenuItem {
  label: string;
  icon: IconName;
  danger?: boolean;
  run: () => void;
}

export interface Spot {
  x: number;
  y: number;
}

/** `head`: what is drawn over the items; its elements of the role `menuitemcheckbox` are walked through as they are. */
export function Menu({
  head,
  items,
  at,
  label,
  onClose,
}: {
  head?: ComponentChildren;
  items: MenuItem[];
  at: Spot;
  label: string;
  onClose: () => void;
}) {
  const ref = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState(at);
  useLayoutEffect(() => {
    const box = ref.current;
    if (!box) return;
    box.showPopover();
    const { width, height } = box.getBoundingClientRect();
    setPlace({
      x: Math.max(8, Math.min(at.x, innerWidth - width - 8)),
      y: Math.max(8, Math.min(at.y, innerHeight - height - 8)),
    });
  }, [at]);
  // Closed by hand: the platform's own way would take the finger that rested, and lifts, for a touch outside.
  useEffect(() => {
    const onDown = ({ target }: PointerEvent): void => {
      if (!ref.current?.contains(target as Node)) onClose();
    };
    addEventListener('pointerdown', onDown, { capture: true });
    return () => removeEventListener('pointerdown', onDown, { capture: true });
  }, [onClose]);
  // At once, not after the next paint: what was chosen may want the focus elsewhere by then.
  useLayoutEffect(() => {
    const from = document.activeElement;
    (ref.current?.querySelector<HTMLElement>('[role=menuitem]') ?? buttons(ref.current)[0])?.focus();
    return () => {
      if (from instanceof HTMLElement && from.isConnected) from.focus({ preventScroll: true });
    };
  }, []);
  return (
    <div
      ref={ref}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={label}
      class={css.menu}
      style={{ left: `${place.x}px`, top: `${place.y}px` }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' || event.key === 'Tab') {
          event.preventDefault();
          event.stopPropagation();
          onClose();
        } else move(event, ref.current);
      }}
    >
      {head}
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          class={item.danger ? `${css.item} ${css.danger}` : css.item}
          onClick={() => {
            onClose();
            item.run();
          }}
        >
          <Icon name={item.icon} size={18} />
          {item.label}
        </button>
      ))}
    </div>
  );
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
