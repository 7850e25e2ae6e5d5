/** The labels of days: one that covers messages fades a moment after scrolling, so that no words are hidden at rest. */
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

const REST_MS = 1000;
/** At the end of the list each message scrolls: the labels are measured this seldom. */
const END_MS = 250;
const END_PX = 40;

export function useFadingDays(ref: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const box = ref.current;
    if (!box) return undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const rest = (): void => {
      timer = undefined;
      for (const label of labelsIn(box)) label.toggleAttribute('data-faded', isOver(label));
    };
    let isEnd = false;
    const onScroll = (): void => {
      // At the end messages scroll by themselves: the day is known there, and the words matter.
      const isAtEnd = box.scrollHeight - box.scrollTop - box.clientHeight < END_PX;
      if (isAtEnd && isEnd && timer) return;
      clearTimeout(timer);
      isEnd = isAtEnd;
      if (!isAtEnd) for (const label of labelsIn(box)) label.removeAttribute('data-faded');
      timer = setTimeout(rest, isAtEnd ? END_MS : REST_MS);
    };
    box.addEventListener('scroll', onScroll, { passive: true });
    rest();
    return () => {
      clearTimeout(timer);
      box.removeEventListener('scroll', onScroll);
    };
  }, [ref]);
}

const labelsIn = (box: HTMLElement): NodeListOf<HTMLElement> => box.querySelectorAll<HTMLElement>('h2');

/** Says whether a label is over what follows it, instead of above it. */
function isOver(label: HTMLElement): boolean {
  const next = label.nextElementSibling;
  return next !== null && next.getBoundingClientRect().top < label.getBoundingClientRect().bottom;
}
