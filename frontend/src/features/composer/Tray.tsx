/** The files that go out with the next message: what each shows, their order, and what is wrong with one. */
import { useRef } from 'preact/hooks';
import { t } from '../../i18n/screens/tray';
import { type Chosen, filesMax, isPicture, movedTo, setTray, shifted, trayOf } from '../../store/mine/tray';
import { PhotoTile, RowTile } from './Tile';
import css from './Tray.module.css';

export function Tray({ chatId, onEmpty }: { chatId: number; onEmpty: () => void }) {
  const list = useRef<HTMLUListElement>(null);
  const dragged = useRef('');
  const files = trayOf(chatId);
  const pictures = files.filter(({ file }) => isPicture(file));
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
  const asFiles = (isPlain: boolean): void =>
    setTray(
      chatId,
      files.map((one) => ({ ...one, isShown: !isPlain && isPicture(one.file) })),
    );
  const dragOf = (key: string) => ({
    onDragStart: ({ dataTransfer }: DragEvent): void => {
      dragged.current = key;
      // Firefox drags nothing without data.
      dataTransfer?.setData('application/x-place', key);
    },
    onDragOver: (event: DragEvent): void => {
      if (!dragged.current) return;
      event.preventDefault();
      if (dragged.current !== key) setTray(chatId, movedTo(files, dragged.current, key));
    },
    onDrop: (event: DragEvent): void => {
      if (dragged.current) event.preventDefault();
    },
    onDragEnd: (): void => {
      dragged.current = '';
    },
  });
  return (
    <div class={css.tray}>
      <ul ref={list} class={css.list} aria-label={t().filesChosen}>
        {files.map((one, place) => {
          const Tile = one.isShown ? PhotoTile : RowTile;
          return (
            <Tile
              key={one.key}
              chosen={one}
              onAlt={(alt) => put({ ...one, alt })}
              onMove={(step) => setTray(chatId, shifted(files, one.key, step))}
              onRemove={() => remove(one.key)}
              drag={dragOf(one.key)}
              isFirst={place === 0}
              isLast={place === files.length - 1}
            />
          );
        })}
      </ul>
      <div class={css.sum}>
        <p role="status">
          {t().files(files.length)}
          {messages > 1 && `. ${t().filesSplit(messages)}`}
        </p>
        {pictures.length > 0 && (
          <label class={css.plain}>
            <input
              type="checkbox"
              checked={!pictures.some(({ isShown }) => isShown)}
              onChange={({ currentTarget }) => asFiles(currentTarget.checked)}
            />
            {t().photosAsFiles}
          </label>
        )}
      </div>
    </div>
  );
}
