/** Plays a film with the controls of the browser, or says that it cannot and offers the file. */
import type { Ref } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../../../i18n/screens/viewer';
import { clipMarks } from '../../../lib/characters';
import { playAlone } from '../../../lib/media/alone';
import { Button } from '../../../ui/Button';
import { addressOf, type Picture } from '../files';
import css from './Moving.module.css';

interface Props {
  file: Picture;
  /** Says what it shows. */
  label: string;
  /** Whether it begins by itself. */
  isPlaying: boolean;
  video?: Ref<HTMLVideoElement>;
}

/** Says whether this browser may play a file; of what the server made it is always likely. */
function isLikely({ type, variants = [] }: Picture): boolean {
  const made = variants.find(({ v }) => v === 'play');
  return document.createElement('video').canPlayType(made?.type ?? type) !== '';
}

export function Player({ file, label, isPlaying, video }: Props) {
  const [hasFailed, setFailed] = useState(() => !isLikely(file));
  const { id, name, size, kind } = file;
  if (hasFailed)
    return (
      <div class={css.unplayable} role="alert">
        {/* Where there is no room for all of it, the way to the file is there. */}
        <p>{t().filmUnplayable}</p>
        <a href={addressOf(file)} download={name}>
          {t().fileDownload(clipMarks(name), size)}
        </a>
        <Button onClick={() => setFailed(false)}>{t().tryAgain}</Button>
      </div>
    );
  return (
    <video
      ref={video}
      class={css.player}
      src={addressOf(file)}
      poster={`/api/files/${id}/poster`}
      aria-label={label}
      controls
      playsInline
      preload="none"
      autoPlay={isPlaying}
      muted={kind === 'gif'}
      loop={kind === 'gif'}
      onPlay={({ currentTarget }) => {
        if (!currentTarget.muted) playAlone(currentTarget);
      }}
      onError={() => setFailed(true)}
    />
  );
}
