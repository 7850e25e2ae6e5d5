/** A modal dialog on the platform's own: focus stays inside, Escape closes, focus returns where it came from. */
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { IconButton } from './Button';
import css from './Dialog.module.css';

interface Props {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}

export function Dialog({ title, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Before the next key: an Escape right after the opening means the dialog.
  useLayoutEffect(() => {
    const [dialog, from] = [ref.current, document.activeElement];
    dialog?.showModal();
    return () => {
      // Behind an open dialog nothing takes the focus.
      dialog?.close();
      if (from instanceof HTMLElement && from.isConnected) from.focus();
    };
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: a click on the backdrop only repeats what Escape does
    <dialog
      ref={ref}
      class={css.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => event.target === ref.current && onClose()}
    >
      <div class={css.inner}>
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t().close} onClick={onClose} />
        </header>
        {children}
      </div>
    </dialog>
  );
}
