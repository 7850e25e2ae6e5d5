/** A text for an empty place, and the next step. */
import type { ComponentChildren } from 'preact';
import css from './Empty.module.css';

export function Empty({ title, hint, children }: { title: string; hint?: string; children?: ComponentChildren }) {
  return (
    <div class={css.empty}>
      <p class={css.title}>{title}</p>
      {hint && <p>{hint}</p>}
      {children}
    </div>
  );
}
