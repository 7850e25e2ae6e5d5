/** The files of a message beside its photos: each a row with its name and size, which downloads it. */
import type { FileOfMessage, MessageView } from '../../api/types';
import { t } from '../../i18n';
import { clipMarks } from '../../lib/characters';
import { Icon } from '../../ui/Icon';
import type { Open } from '../things';
import { FileFace } from './FileFace';
import css from './Files.module.css';
import { addressOf, mayRun, pageOf, plainOf } from './files';

export function Files({ message, open }: { message: MessageView; open: Open }) {
  const items = plainOf(message);
  if (!items.length) return null;
  return (
    <ul class={css.files} aria-label={t().files(items.length)}>
      {items.map((one) => (
        <li key={one.id}>
          <Download file={one} open={open} />
        </li>
      ))}
    </ul>
  );
}

function Download({ file, open }: { file: FileOfMessage; open: Open }) {
  const { name, type, size, alt, pages } = file;
  const note = [t().fileSize(size), pages && t().filePages(pages)].filter(Boolean).join(' · ');
  const label = [t().fileDownload(clipMarks(name), size), alt].filter(Boolean).join('. ');
  return (
    // The server gives every file as a download; the attribute keeps an error of it from replacing the page.
    <a
      class={css.row}
      href={addressOf(file)}
      download={name}
      draggable={false}
      aria-label={label}
      onClick={saving(file, open)}
    >
      <FileFace label={name} type={type} note={note} alt={alt} page={pageOf(file)} />
      <span class={css.sign}>
        <Icon name="download" size={18} />
      </span>
    </a>
  );
}

/** Returns the handler of a click on a file: it asks before one is saved that a system would run. */
export function saving(file: FileOfMessage, open: Open): (event: MouseEvent) => void {
  const { name } = file;
  return (event) => {
    if (!mayRun(name)) return;
    event.preventDefault();
    const run = async (): Promise<void> => save(addressOf(file), name);
    open({ kind: 'ask', words: t().fileRuns(clipMarks(name)), label: t().fileSave, run });
  };
}

function save(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
}
