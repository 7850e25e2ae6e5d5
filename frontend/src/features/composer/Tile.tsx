/** A file in the tray: a picture with its preview, or a row with a name. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { FileFace } from '../../content/file/FileFace';
import { Still } from '../../content/file/Still';
import { t } from '../../i18n/screens/tray';
import { kindOfPicture } from '../../lib/media/moving';
import { type Chosen, sizeMax } from '../../store/mine/tray';
import { IconButton } from '../../ui/Button';
import css from './Tray.module.css';

/** The longest description that the server takes. */
const ALT_MAX = 1024;

interface Props {
  chosen: Chosen;
  isFirst: boolean;
  isLast: boolean;
  onAlt: (alt: string) => void;
  onMove: (step: 1 | -1) => void;
  onRemove: () => void;
  /** Handles a tile that is dragged to the place of another. */
  drag: Pick<JSX.IntrinsicElements['li'], 'onDragStart' | 'onDragOver' | 'onDragEnd' | 'onDrop'>;
}

export function PhotoTile(props: Props) {
  const { chosen, isFirst, isLast, onMove, onRemove, drag } = props;
  const { name } = chosen.file;
  return (
    <li class={css.photo} {...drag}>
      <div class={css.picture} draggable>
        <Preview chosen={chosen} />
        <span class={css.remove}>
          <IconButton icon="close" label={t().fileLeave(name)} data-remove="" onClick={onRemove} />
        </span>
        {!(isFirst && isLast) && (
          <span class={css.order}>
            <IconButton icon="back" label={t().photoBack(name)} aria-disabled={isFirst} onClick={() => onMove(-1)} />
            <IconButton icon="on" label={t().photoOn(name)} aria-disabled={isLast} onClick={() => onMove(1)} />
          </span>
        )}
      </div>
      <Note chosen={chosen} isBrief />
      <Alt {...props} />
    </li>
  );
}

export function RowTile(props: Props) {
  const { chosen, isFirst, isLast, onMove, onRemove, drag } = props;
  const { name, type } = chosen.file;
  return (
    <li class={css.tile} {...drag}>
      <div class={css.face} draggable>
        <FileFace label={name} type={type} note={<Note chosen={chosen} />} />
        {/* Not `disabled`, which would take the focus away from a button that has done its work. */}
        {!(isFirst && isLast) && (
          <>
            <IconButton icon="up" label={t().fileUp(name)} aria-disabled={isFirst} onClick={() => onMove(-1)} />
            <IconButton icon="down" label={t().fileDown(name)} aria-disabled={isLast} onClick={() => onMove(1)} />
          </>
        )}
        <IconButton icon="close" label={t().fileLeave(name)} data-remove="" onClick={onRemove} />
      </div>
      <Alt {...props} />
    </li>
  );
}

/** Draws the picture itself, or the name of one that this browser cannot show. */
function Preview({ chosen: { file } }: { chosen: Chosen }) {
  const [address, setAddress] = useState('');
  const [isSeen, setSeen] = useState(true);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  const { name, type } = file;
  if (!isSeen) return <FileFace label={name} type={type || 'image/'} note={null} />;
  if (!address) return null;
  return <Still address={address} isFilm={kindOfPicture(file) === 'video'} onError={() => setSeen(false)} />;
}

/** Draws the size of a file, and says what is wrong with one that is too large. */
function Note({ chosen: { file }, isBrief = false }: { chosen: Chosen; isBrief?: boolean }) {
  const most = sizeMax();
  if (file.size <= most) return isBrief ? null : <>{t().fileSize(file.size)}</>;
  return (
    <span class={css.wrong} role="alert">
      {t().fileTooLarge(file.size, most)}
    </span>
  );
}

function Alt({ chosen, onAlt }: Props) {
  const { name } = chosen.file;
  return (
    <input
      type="text"
      dir="auto"
      class={css.alt}
      value={chosen.alt}
      maxLength={ALT_MAX}
      placeholder={t().fileAltHint}
      aria-label={t().fileAlt(name)}
      onInput={(event) => onAlt(event.currentTarget.value)}
    />
  );
}
