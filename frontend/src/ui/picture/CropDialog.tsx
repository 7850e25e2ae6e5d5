/** Crops a square from a picture, with a preview, and sends it. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/screens/pictures';
import { hasKeyboard } from '../../lib/browser';
import { Button } from '../Button';
import { Dialog } from '../Dialog';
import { toast } from '../Toast';
import { CropArea } from './CropArea';
import css from './CropDialog.module.css';
import { type Crop, draw, encoded, nearest, whole, zoomed } from './crop';
import type { Opened, Save } from './file';

interface Props extends Opened {
  onSave: Save;
  onClose: () => void;
}

/** The sizes in which pictures are shown (px): in the profile, in lists, in the switcher. */
const SHOWN = [96, 44, 28];
/** Steps of the slider; each zooms by the same factor. */
const STEPS = 50;

export function CropDialog({ image, isMoving, onSave, onClose }: Props) {
  const [crop, setCrop] = useState(() => whole(image));
  const { part, problem, save, leave } = useSaving(onSave, onClose);
  const most = nearest(image);
  return (
    <Dialog title={t().cropTitle} onClose={leave}>
      <form
        class={css.crop}
        onSubmit={(event) => {
          event.preventDefault();
          save(encoded(image, crop));
        }}
      >
        <CropArea image={image} crop={crop} onChange={setCrop} />
        <div class={css.side}>
          <div class={css.previews} aria-hidden="true">
            {SHOWN.map((size) => (
              <Preview key={size} image={image} crop={crop} size={size} />
            ))}
          </div>
          <label class={css.zoom}>
            {t().cropZoom}
            <input
              type="range"
              min={0}
              max={STEPS}
              value={most === 1 ? 0 : Math.round((STEPS * Math.log(crop.zoom)) / Math.log(most))}
              disabled={most === 1}
              aria-valuetext={`${Math.round(crop.zoom * 100)} %`}
              onInput={({ currentTarget }) => {
                const zoom = most ** (Number(currentTarget.value) / STEPS);
                setCrop((now) => zoomed(image, now, zoom / now.zoom));
              }}
            />
          </label>
        </div>
        <div class={css.note}>
          {problem ? (
            <p class={css.problem} role="alert">
              {problem}
            </p>
          ) : part === null ? (
            <p>
              {hasKeyboard() ? t().cropHint : t().cropHintFingers} {isMoving && t().cropStill}
            </p>
          ) : (
            <Progress part={part} />
          )}
        </div>
        <div class={css.actions}>
          <Button onClick={leave}>{part === 1 ? t().close : t().cancel}</Button>
          <Button kind="primary" type="submit" busy={part !== null}>
            {t().save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Draws the progress of the upload; then the server processes it, for an unknown time. */
function Progress({ part }: { part: number }) {
  const words = part < 1 ? t().uploading : t().pictureMaking;
  return (
    <>
      <p role="status">{words}</p>
      {part < 1 ? <progress aria-label={words} value={part} /> : <progress aria-label={words} />}
    </>
  );
}

/** Sends one picture at a time; closing the dialog cancels it. */
function useSaving(onSave: Save, onClose: () => void) {
  const [part, setPart] = useState<number | null>(null);
  const [problem, setProblem] = useState('');
  const going = useRef(new AbortController());
  const save = (file: Promise<Blob>): void => {
    const { signal } = going.current;
    const ended = (isShown: boolean): void => {
      if (signal.aborted) return;
      if (!isShown) toast(t().pictureSoon);
      onClose();
    };
    setPart(0);
    setProblem('');
    file
      .then((made) => onSave(made, { onPart: setPart, signal }))
      .then(ended, (error: Error) => setProblem(error.message))
      .finally(() => setPart(null));
  };
  const leave = (): void => {
    going.current.abort();
    onClose();
  };
  return { part, problem, save, leave };
}

/** Draws the picture as others will see it. */
function Preview({ image, crop, size }: { image: ImageBitmap; crop: Crop; size: number }) {
  const ref = useRef<HTMLCanvasElement>(null);
  useLayoutEffect(() => {
    if (ref.current) draw(ref.current, image, crop);
  }, [image, crop]);
  const style = { '--size': `${size}px` };
  return <canvas ref={ref} class={css.preview} style={style} width={size * 2} height={size * 2} />;
}
