/** A picture that can be chosen, dropped, pasted, cropped, sent and removed. A square made here is sent. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../../i18n/screens/pictures';
import { Avatar } from '../Avatar';
import { Button } from '../Button';
import type { CropDialog } from './CropDialog';
import { type Opened, opened, pictureIn, type Save } from './file';
import css from './PictureField.module.css';

interface Props {
  id: number;
  name: string;
  picture: string | null | undefined;
  onSave: Save;
  onRemove: () => Promise<void>;
}

export function PictureField({ id, name, picture, onSave, onRemove }: Props) {
  const field = useRef<HTMLDivElement>(null);
  const [isRemoving, setRemoving] = useState(false);
  const [isOver, setOver] = useState(false);
  const { problem, setProblem, chosen, setChosen, take } = useChosen();
  const remove = async (): Promise<void> => {
    setRemoving(true);
    setProblem('');
    await onRemove().catch((error: Error) => setProblem(error.message));
    setRemoving(false);
    // The pressed button disappears.
    field.current?.querySelector('button')?.focus();
  };
  return (
    <div
      ref={field}
      class={css.field}
      role="group"
      aria-label={t().picture}
      data-over={isOver}
      onDragOver={(event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void take(event.dataTransfer?.files[0]);
      }}
    >
      <Avatar id={id} name={name} picture={picture} size={96} />
      <div class={css.side}>
        <div class={css.actions}>
          <Button icon="camera" onClick={() => field.current?.querySelector('input')?.click()}>
            {picture ? t().pictureChange : t().pictureAdd}
          </Button>
          {picture && (
            <Button icon="remove" busy={isRemoving} onClick={() => void remove()}>
              {t().pictureRemove}
            </Button>
          )}
        </div>
        <p class={css.hint}>{t().pictureHint}</p>
        {problem && (
          <p class={css.problem} role="alert">
            {problem}
          </p>
        )}
      </div>
      <input
        type="file"
        accept="image/*"
        hidden
        aria-label={picture ? t().pictureChange : t().pictureAdd}
        // A surrounding dialog would handle the event as its own.
        onCancel={(event) => event.stopPropagation()}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          void take(file);
          currentTarget.value = '';
        }}
      />
      {chosen && (
        <chosen.Crop image={chosen.image} isMoving={chosen.isMoving} onSave={onSave} onClose={() => setChosen(null)} />
      )}
    </div>
  );
}

/** Returns the picture to crop, or the reason why there is none. */
function useChosen() {
  const [problem, setProblem] = useState('');
  const [chosen, setChosen] = useState<(Opened & { Crop: typeof CropDialog }) | null>(null);
  useEffect(() => () => chosen?.image.close(), [chosen]);
  const take = useCallback(async (file: File | undefined): Promise<void> => {
    if (!file) return;
    setProblem('');
    try {
      // Loaded on first use; before the picture, whose pixels only the page releases.
      const loaded = await import('./CropDialog').catch(() => null);
      if (!loaded) throw new Error(t().noNetwork);
      setChosen({ ...(await opened(file)), Crop: loaded.CropDialog });
    } catch (error) {
      setProblem((error as Error).message);
    }
  }, []);
  useEffect(() => {
    const onPaste = (event: ClipboardEvent): void => {
      const file = chosen ? undefined : pictureIn(event.clipboardData);
      if (file) event.preventDefault();
      void take(file);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, [chosen, take]);
  return { problem, setProblem, chosen, setChosen, take };
}
