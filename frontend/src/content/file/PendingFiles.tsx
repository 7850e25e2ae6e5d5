/** The files of a message that is not sent yet, with the progress of each. */
import { t } from '../../i18n';
import type { Attached, Item } from '../../store/outbox';
import { FileFace } from './FileFace';
import css from './Files.module.css';

export function PendingFiles({ item: { files = [], state: sending, isLoose } }: { item: Item }) {
  if (!files.length) return null;
  return (
    <>
      <ul class={css.files} aria-label={t().files(files.length)}>
        {files.map(({ key, name, type, size, alt, state, sent, ...file }) => (
          <li key={key} class={css.row}>
            <FileFace
              label={name}
              type={type}
              note={noteOf({ size, state, sent, ...file }, files.length > 1)}
              alt={alt}
            />
            {sending !== 'failed' && (state === 'uploading' || state === 'making') && (
              <progress class={css.progress} max={size || 1} value={sent} aria-label={t().fileProgress(name)} />
            )}
          </li>
        ))}
      </ul>
      {isLoose && <p class={css.note}>{t().fileLoose}</p>}
    </>
  );
}

type Progress = Pick<Attached, 'state' | 'reason' | 'sent' | 'size'>;

/** Returns the state of a file in words; the refusal of an only file is that of its message. */
function noteOf({ state, reason, sent, size }: Progress, isOneOfMany: boolean): string {
  if (reason && (isOneOfMany || state !== 'failed')) return reason;
  if (state === 'making') return t().pictureMaking;
  return state === 'uploading' ? t().fileSent(sent, size) : t().fileSize(size);
}
