/** The focus where a screen takes the place of another one: it never stays on the page as a whole. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { type Phase, phase } from '../../store/session';

/** Focuses the heading of a part of the page, from where Tab and screen readers go on. */
export function focusHeading(part: 'main' | 'nav'): void {
  const heading = [...document.querySelectorAll<HTMLElement>(`${part} h1`)].find(isDrawn);
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

const isDrawn = (element: Element): boolean => element.getClientRects().length > 0;

/** Returns whether something that can be seen in a part of the page has the focus. */
export function hasFocus(part: 'main' | 'nav'): boolean {
  const now = document.activeElement;
  return now !== null && now.closest(part) !== null && isDrawn(now);
}

/** Focuses the list after the sign-in, or what is drawn in its place, unless an open chat has taken the focus. */
export function useFirstFocus(): void {
  const before = useRef<Phase>(phase.value);
  const now = phase.value;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change of the phase is the arrival
  useLayoutEffect(() => {
    const hasArrived = now === 'in' && (before.current === 'out' || before.current === 'setup');
    before.current = now;
    if (!hasArrived) return;
    for (const part of ['nav', 'main'] as const) if (document.activeElement === document.body) focusHeading(part);
  }, [now]);
}
