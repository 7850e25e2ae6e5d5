/** The face of a file, sent or not: its icon, its name, a note below, and the words that describe it. */
import type { ComponentChildren } from 'preact';
import { clipMarks } from '../../lib/characters';
import { Icon } from '../../ui/Icon';
import css from './Files.module.css';
import { iconOf, shortened } from './files';

interface Props {
  label: string;
  type: string;
  note: ComponentChildren;
  alt?: string | undefined;
  /** The address of a picture of its first page. */
  page?: string | undefined;
}

export function FileFace({ label, type, note, alt, page }: Props) {
  return (
    <>
      <span class={css.icon} data-page={page !== undefined}>
        <Icon name={iconOf(label, type)} />
        {page && (
          <img class={css.page} src={page} alt="" loading="lazy" onError={({ currentTarget: one }) => one.remove()} />
        )}
      </span>
      <span class={css.face}>
        <bdi class={css.label} title={label}>
          {shortened(clipMarks(label))}
        </bdi>
        <span class={css.note}>{note}</span>
        {alt && (
          <span class={css.note} dir="auto">
            {alt}
          </span>
        )}
      </span>
    </>
  );
}
