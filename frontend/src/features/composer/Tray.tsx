/** The files that go out with the next message: what each shows, their order, and what is wrong with one. */
import { useRef } from 'preact/hooks';
import { FileFace } from '../../content/file/FileFace';
import { t } from '../../i18n';
import { type Chosen, filesMax, setTray, shifted, sizeMax, trayOf } from '../../store/mine/tray';
import { IconButton } from '../../ui/Button';
import css from './Tray.module.css';

/** The longest description that the server takes. */
const ALT_MAX = 1024;

export function Tray({ chatId, onEmpty }: { chatId: number; onEmpty: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  const files = trayOf(chatId);
  const messages = Math.ceil(files.length / filesMax());
  const remove = (key: string): void => {
    const place = files.findIndex((one) => one.key === key);
    const left = files.toSpliced(place, 1);
    setTray(chatId, left);
    // The pressed button goes: the focus moves to that of the next file, or to the field.
    if (!left.length) onEmpty();
    else list.current?.querySelectorAll<HTMLElement>('[data-remove]')[place + (place < left.length ? 1 : -1)]?.focus();
  };
  const put = (chosen: Chosen): void =>
    setTray(
      chatId,
      files.map((one) => (one.key === chosen.key ? chosen : one)),
    );
  return (
    <div class={css.tray}>
      <ul ref={list} class={css.list} aria-label={t().filesChosen}>
        {files.map((one, place) => (
          <Tile
            key={one.key}
            chosen={one}
            onAlt={(alt) => put({ ...one, alt })}
            onMove={(step) => setTray(chatId, shifted(files, one.key, step))}
            onRemove={() => remove(one.key)}
            isFirst={place === 0}
            isLast={place === files.length - 1}
          />
        ))}
      </ul>
      <p class={css.sum} role="status">
        {t().files(files.length)}
        {messages > 1 && `. ${t().filesSplit(messages)}`}
      </p>
    </div>
  );
}

interface Props {
  chosen: Chosen;
  isFirst: boolean;
  isLast: boolean;
  onAlt: (alt: string) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
}

function Tile({ chosen: { file, alt }, isFirst, isLast, onAlt, onMove, onRemove }: Props) {
  const { name, type, size } = file;
  const most = sizeMax();
  const isLarge = size > most;
  const note = isLarge ? (
    <span class={css.wrong} role="alert">
      {t().fileTooLarge(size, most)}
    </span>
  ) : (
    t().fileSize(size)
  );
  return (
    <li class={css.tile}>
      <div class={css.face}>
        <FileFace label={name} type={type} note={note} />
        {/* Not `disabled`, which would take the focus away from a button that has done its work. */}
        {!(isFirst && isLast) && (
          <>
            <IconButton icon="up" label={t().fileUp(name)} aria-disabled={isFirst} onClick={() => onMove(-1)} />
            <IconButton icon="down" label={t().fileDown(name)} aria-disabled={isLast} onClick={() => onMove(1)} />
          </>
        )}
        <IconButton icon="close" label={t().fileLeave(name)} data-remove="" onClick={onRemove} />
      </div>
      <input
        type="text"
        dir="auto"
        class={css.alt}
        value={alt}
        maxLength={ALT_MAX}
        placeholder={t().fileAltHint}
        aria-label={t().fileAlt(name)}
        onInput={(event) => onAlt(event.currentTarget.value)}
      />
    </li>
  );
}
