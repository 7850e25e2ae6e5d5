/** Tabs: one stop for Tab, arrows go from one to the next, and what is chosen is shown at once. */
import { useRef } from 'preact/hooks';
import css from './Tabs.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  /** The id of what a tab shows; the id of a tab follows from it, see `tabId`. */
  shows: string;
  onChoose: (value: T) => void;
}

/** Returns the id of a tab, which names what it shows. */
export const tabId = (shows: string, value: string): string => `${shows}-${value}`;

export function Tabs<T extends string>({ label, value, options, shows, onChoose }: Props<T>) {
  const list = useRef<HTMLDivElement>(null);
  const place = options.findIndex(([one]) => one === value);
  const steps: Record<string, number> = {
    ArrowLeft: place - 1,
    ArrowRight: place + 1,
    Home: 0,
    End: options.length - 1,
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const to = (step + options.length) % options.length;
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
    const [next] = options[to] ?? [];
    if (next) onChoose(next);
  };
  return (
    <div ref={list} role="tablist" aria-label={label} class={css.tabs} onKeyDown={onKeyDown}>
      {options.map(([one, words]) => (
        <button
          key={one}
          type="button"
          role="tab"
          id={tabId(shows, one)}
          aria-controls={shows}
          aria-selected={one === value}
          tabIndex={one === value ? 0 : -1}
          onClick={() => onChoose(one)}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
