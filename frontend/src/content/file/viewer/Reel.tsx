/** One film or animated picture as large as the page allows; Space plays and halts it, and it ends when it is left. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import { nameOfPicture, type Picture } from '../files';
import { Player } from '../moving/Player';
import css from './Viewer.module.css';

/** A finger that moves so far goes to another picture, or closes the viewer; px. */
const FAR = 60;
/** The height of the controls at the lower edge of a film, where a finger winds it, px. */
const CONTROLS = 80;

interface Props {
  file: Picture;
  /** Whether it was asked for by a press, and not passed by. */
  isAsked: boolean;
  /** Goes to the next picture (1) or to the one before (-1). */
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}

export function Reel({ file, isAsked, onStep, onClose }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const from = useRef<Touch | null>(null);
  // Before the next key, not after the next paint.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const { key, target } = event;
      // The browser plays and winds a film that has the focus by the same keys, and Space presses a button.
      if ((target as Element).closest(key === ' ' ? 'video, button' : 'video')) return;
      if (key === ' ' && video.current) toggle(video.current);
      else if (key === 'ArrowLeft' || key === 'ArrowRight') onStep(key === 'ArrowLeft' ? -1 : 1);
      else return;
      event.preventDefault();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });
  return (
    <div
      class={css.reel}
      onTouchStart={({ touches, currentTarget }) => {
        const [touch] = touches;
        const { bottom } = currentTarget.getBoundingClientRect();
        from.current = touches.length === 1 && touch && touch.clientY < bottom - CONTROLS ? touch : null;
      }}
      onTouchEnd={({ changedTouches: [touch] }) => {
        const start = from.current;
        from.current = null;
        if (!start || !touch) return;
        const [x, y] = [touch.clientX - start.clientX, touch.clientY - start.clientY];
        if (Math.abs(x) > FAR && Math.abs(x) > Math.abs(y)) onStep(x < 0 ? 1 : -1);
        else if (y > FAR && y > Math.abs(x)) onClose();
      }}
    >
      <Player
        file={file}
        label={file.alt || nameOfPicture(file, 1, 1)}
        isPlaying={isAsked || !isCalm()}
        video={video}
      />
    </div>
  );
}

function toggle(video: HTMLVideoElement): void {
  if (video.paused) void video.play().catch(() => {});
  else video.pause();
}

/** Says whether nothing is to move by itself. */
const isCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
