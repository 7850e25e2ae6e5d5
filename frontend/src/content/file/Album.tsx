/** Pictures of a message, sent or not, in their places: the measure is known before anything is loaded. */
import type { ComponentChildren } from 'preact';
import css from './Album.module.css';
import { album, type Size } from './album';

interface Props<T> {
  photos: readonly T[];
  /** Says what they are. */
  label: string;
  /** Draws a photo; `width` is that of the whole picture, of which the tile may show a part, px. */
  children: (photo: T, place: number, width: number) => ComponentChildren;
}

export function Album<T extends Size>({ photos, label, children }: Props<T>) {
  const { width, height, tiles } = album(photos);
  return (
    <div class={css.album} data-album="" style={{ inlineSize: `${width}px`, aspectRatio: `${width} / ${height}` }}>
      <ul aria-label={label}>
        {photos.map((photo, place) => {
          const { x = 0, y = 0, w = 1, h = 1 } = tiles[place] ?? {};
          const [left, top, across, down] = [x, y, w, h].map((part) => `${part * 100}%`);
          const shown = Math.max(w * width, (h * height * photo.width) / photo.height);
          return (
            <li
              key={place}
              style={{ insetInlineStart: left, insetBlockStart: top, inlineSize: across, blockSize: down }}
            >
              {children(photo, place, Math.ceil(shown))}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
