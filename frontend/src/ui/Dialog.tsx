/** A modal dialog, built on the browser's own: the focus stays inside, Escape closes, the focus returns. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { modal } from '../lib/browser';
import { IconButton } from './Button';
import css from './Dialog.module.css';
import { useOver } from './over';

interface Props {
  title: string;
  /** Its question, if it asks one. */
  words?: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, words, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  useLayoutEffect(() => modal(ref.current), []);
  useOver(onClose);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop only repeats what Escape does
    <dialog
      ref={ref}
      class={css.dialog}
      role={words ? 'alertdialog' : undefined}
      aria-labelledby={id}
      aria-describedby={words && `${id}-words`}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div class={css.inner}>
        <div class={css.head}>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t().close} onClick={onClose} />
        </div>
        {words && <p id={`${id}-words`}>{words}</p>}
        {children}
      </div>
    </dialog>
  );
}
