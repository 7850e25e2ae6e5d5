/** Few stops of the Tab key: only those of the focused message, and of the day above it. */
import { useLayoutEffect } from 'preact/hooks';

/** Links and buttons that would be stops; those that say themselves that they are none stay so. */
const STOPS = ':is(article[data-seq], h2) :is(a[href], button, input):not([tabindex])';
const CLOSED = '[data-stop]';

function close(part: Element): void {
  const inner = [...part.querySelectorAll<HTMLElement>(STOPS)];
  for (const one of part instanceof HTMLElement && part.matches(STOPS) ? [part, ...inner] : inner) {
    one.tabIndex = -1;
    one.dataset.stop = '';
  }
}

function open(part: Element): void {
  for (const one of part.querySelectorAll<HTMLElement>(CLOSED)) {
    one.removeAttribute('tabindex');
    delete one.dataset.stop;
  }
}

/** Returns the parts of the list whose stops count: a message, and the heading of its day. */
function around(box: HTMLElement, target: EventTarget | null): Element[] {
  const part = target instanceof Element ? target.closest('article[data-seq], h2') : null;
  if (!part) return [];
  const isAfter = (day: Element): boolean =>
    (day.compareDocumentPosition(part) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  const day = [...box.querySelectorAll('h2')].findLast(isAfter);
  return day ? [part, day] : [part];
}

export function useStops(list: { current: HTMLElement | null }): void {
  useLayoutEffect(() => {
    const box = list.current;
    if (!box) return undefined;
    const renew = (target: EventTarget | null, parts: readonly Element[]): void => {
      for (const part of parts) close(part);
      for (const part of around(box, target)) open(part);
    };
    const onFocusIn = ({ target }: FocusEvent): void => renew(target, [box]);
    const watch = new MutationObserver((changes) => {
      const added = changes.flatMap((one) => [...one.addedNodes]).filter((one) => one instanceof Element);
      renew(document.activeElement, added);
    });
    renew(document.activeElement, [box]);
    watch.observe(box, { childList: true, subtree: true });
    box.addEventListener('focusin', onFocusIn);
    return () => {
      watch.disconnect();
      box.removeEventListener('focusin', onFocusIn);
    };
  }, [list]);
}
