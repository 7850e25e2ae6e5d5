/** A run of messages of one author: one shape, with the picture of the author at its foot. */
import type { ComponentChildren } from 'preact';
import { nameOf, pictureOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import css from './Message.module.css';

interface Props {
  /** The person whose picture is drawn; `null` if the side of the messages says who speaks. */
  faceId: number | null;
  children: ComponentChildren;
}

export function Run({ faceId, children }: Props) {
  return (
    <div class={faceId ? `${css.run} ${css.faced}` : css.run}>
      {children}
      {faceId && (
        <span class={css.face}>
          <Avatar id={faceId} name={nameOf(faceId)} picture={pictureOf(faceId)} size={36} />
        </span>
      )}
    </div>
  );
}
