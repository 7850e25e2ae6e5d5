/** One short sentence at the bottom, with an undo if there is one; announced politely. */
import { signal } from '@preact/signals';
import { Button } from './Button';
import css from './Toast.module.css';

interface Said {
  text: string;
  action?: { label: string; run: () => void } | undefined;
}

const said = signal<Said | null>(null);
const spoken = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a text for a while (ms). */
export function toast(text: string, action?: Said['action'], ms = 4000): void {
  clearTimeout(timer);
  said.value = { text, action };
  timer = setTimeout(hush, ms);
}

/** Shows what went wrong; errors have a text. */
export const told = (error: Error): void => toast(error.message);

/** Announces a text to screen readers. */
export function say(text: string): void {
  spoken.value = text;
}

function hush(): void {
  release();
  said.value = null;
}

/** The element that had the focus before the button of a toast. */
let before: Element | null = null;

/** Gives the focus back that a toast has, before it goes: to its former element, or to the main part of the page. */
function release(): void {
  if (!document.activeElement?.closest('[data-toast]')) return;
  const main = document.querySelector<HTMLElement>('main textarea, main [tabindex="0"], main h1');
  const next = before instanceof HTMLElement && before.isConnected && before !== document.body ? before : main;
  next?.focus({ preventScroll: true });
}

export function Toasts() {
  const now = said.value;
  return (
    <>
      <p class={css.spoken} aria-live="polite">
        {spoken.value}
      </p>
      <div
        data-toast
        class={css.place}
        role="status"
        aria-live="polite"
        onFocusIn={({ currentTarget, relatedTarget }) => {
          if (!currentTarget.contains(relatedTarget as Node | null)) before = relatedTarget as Element | null;
        }}
      >
        {now && (
          <div class={css.toast}>
            <span>{now.text}</span>
            {now.action && (
              <Button
                onClick={() => {
                  now.action?.run();
                  hush();
                }}
              >
                {now.action.label}
              </Button>
            )}
          </div>
        )}
      </div>
    </>
  );
}
