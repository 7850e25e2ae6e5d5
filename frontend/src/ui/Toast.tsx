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
  said.value = null;
}

export function Toasts() {
  const now = said.value;
  return (
    <>
      <p class={css.spoken} aria-live="polite">
        {spoken.value}
      </p>
      <div class={css.place} role="status" aria-live="polite">
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
