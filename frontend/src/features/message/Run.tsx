/** A run of messages of one author: one shape, with the picture of the author at its foot. */
import type { ComponentChildren } from 'preact';
import { nameOf, pictureOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import css from './Run.module.css';

interface Props {
  /** The person whose picture is drawn; `null` if the side of the messages says who speaks. */
  faceId: number | null;
  onFace: (userId: number) => void;
  children: ComponentChildren;
}

export function Run({ faceId, onFace, children }: Props) {
  return (
    <div class={faceId ? `${css.run} ${css.faced}` : css.run}>
      {children}
      {faceId && (
        <span class={css.face}>
          {/* For pointers only: the name does the same. */}
          <button type="button" tabIndex={-1} aria-hidden="true" onClick={() => onFace(faceId)}>
            <Avatar id={faceId} name={nameOf(faceId)} picture={pictureOf(faceId)} size={36} />
          </button>
        </span>
      )}
    </div>
  );
}
