/** A long message: its first lines, and a button for the rest. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import css from './Folded.module.css';

/** More lines than these are folded (the style sheet has the same number). */
const LINES = 20;
/** The fewest characters of a full line on the narrowest screen. */
const LINE_CHARACTERS = 24;

/** Says whether a text could have more lines than are shown; only such a text is measured. */
export const mayBeLong = (text: string): boolean =>
  text.length > LINES * LINE_CHARACTERS || text.split('\n').length > LINES;

interface Props {
  /** The time and the state, beside the button. */
  foot: ComponentChildren;
  children: ComponentChildren;
}

export function Folded({ foot, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const [isLong, setLong] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element || isOpen) return undefined;
    const measure = (): void => setLong(element.scrollHeight > element.clientHeight + 1);
    const resized = new ResizeObserver(measure);
    resized.observe(element);
    measure();
    return () => resized.disconnect();
  }, [isOpen]);
  return (
    <>
      <div ref={box} id={id} class={isOpen ? undefined : css.folded} data-cut={isLong && !isOpen ? true : undefined}>
        {children}
      </div>
      <div class={css.end}>
        {(isLong || isOpen) && (
          <button
            type="button"
            class={css.more}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setOpen(!isOpen)}
          >
            {isOpen ? t().showLess : t().showAll}
          </button>
        )}
        {foot}
      </div>
    </>
  );
}
