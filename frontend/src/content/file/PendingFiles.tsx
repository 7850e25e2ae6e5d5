/** The files of a message that is not sent yet, with the progress of each. */
import { t } from '../../i18n';
import { clipMarks } from '../../lib/characters';
import type { Attached, Item } from '../../store/outbox';
import { FileFace } from './FileFace';
import css from './Files.module.css';
import { shortened } from './files';

export function PendingFiles({ item: { files = [], state: sending, isLoose } }: { item: Item }) {
  if (!files.length) return null;
  return (
    <>
      <ul class={css.files} aria-label={t().files(files.length)}>
        {files.map((one) => {
          const { key, name, type, size, alt, state, sent } = one;
          return (
            <li key={key} class={css.row}>
              <FileFace
                label={name}
                type={type}
                note={sending === 'failed' ? t().fileSize(size) : noteOf(one)}
                alt={alt}
              />
              {sending !== 'failed' && (state === 'uploading' || state === 'making') && (
                <progress class={css.progress} max={size || 1} value={sent} aria-label={t().fileProgress(name)} />
              )}
            </li>
          );
        })}
      </ul>
      {isLoose && <p class={css.note}>{t().fileLoose}</p>}
    </>
  );
}

/** Returns why a message was refused, with the file that was among several. */
export function refusalOf({ files = [], reason }: Item): string {
  const refused = files.length > 1 ? files.filter((one) => one.state === 'failed' && one.reason) : [];
  return refused.map(({ name, reason: why }) => `${shortened(clipMarks(name))}: ${why}`).join(' ') || reason;
}

/** Returns the state of a file in words. */
function noteOf({ state, reason, sent, size }: Attached): string {
  if (reason) return reason;
  if (state === 'making') return t().pictureMaking;
  return state === 'uploading' ? t().fileSent(sent, size) : t().fileSize(size);
}
