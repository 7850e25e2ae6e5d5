/** What moves in an album: a film plays in its place, an animated picture while it is in sight. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../../i18n/screens/viewer';
import { playTime } from '../../../lib/time';
import { addressOf, type Picture } from '../files';
import css from './Moving.module.css';
import { Player } from './Player';

interface Props {
  file: Picture;
  label: string;
  /** Whether the film was started. */
  isPlaying: boolean;
}

export function Moving({ file, label, isPlaying }: Props) {
  if (file.kind === 'gif') return <Animation file={file} />;
  return isPlaying ? <Begun file={file} label={label} /> : <Sign ms={file.duration_ms} />;
}

/** Draws over a poster that it is a film, and how long that is. */
function Sign({ ms }: { ms: number | undefined }) {
  return (
    <>
      <span class={css.sign}>
        <Shape isPlaying={false} size={44} />
      </span>
      {ms !== undefined && <span class={css.note}>{playTime(ms)}</span>}
    </>
  );
}

/** Plays a film that was started, and takes the focus that its poster had. */
function Begun({ file, label }: Omit<Props, 'isPlaying'>) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => video.current?.focus({ preventScroll: true }), []);
  return <Player file={file} label={label} isPlaying video={video} />;
}

/** Plays an animated picture while it is in sight, unless its reader has halted it or wants less motion. */
function Animation({ file }: { file: Picture }) {
  const video = useRef<HTMLVideoElement>(null);
  const [isWanted, setWanted] = useState(() => !matchMedia('(prefers-reduced-motion: reduce)').matches);
  const [isSeen, setSeen] = useState(false);
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (!video.current) return;
    const looker = new IntersectionObserver((all) => setSeen(all.at(-1)?.isIntersecting ?? false), { threshold: 0.5 });
    looker.observe(video.current);
    return () => looker.disconnect();
  }, []);
  useEffect(() => {
    if (isWanted && isSeen) void video.current?.play().catch(() => {});
    else video.current?.pause();
  }, [isWanted, isSeen]);
  return (
    <>
      <video
        ref={video}
        class={isShown ? css.animation : css.coming}
        src={addressOf(file)}
        muted
        loop
        playsInline
        preload="none"
        tabIndex={-1}
        aria-hidden="true"
        onPlaying={() => setShown(true)}
        // The poster stays, and a press tries again.
        onError={() => setWanted(false)}
      />
      <button
        type="button"
        class={css.toggle}
        aria-label={isWanted ? t().gifHalt : t().gifPlay}
        onClick={() => {
          if (!isWanted && video.current?.error) video.current.load();
          setWanted(!isWanted);
        }}
      >
        <span class={css.note}>
          <Shape isPlaying={isWanted} size={14} />
          GIF
        </span>
      </button>
    </>
  );
}

function Shape({ isPlaying, size }: { isPlaying: boolean; size: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="currentColor" aria-hidden="true">
      <path d={isPlaying ? 'M6 5h4v14H6zM14 5h4v14h-4z' : 'M8 4.5v15L20 12z'} />
    </svg>
  );
}
