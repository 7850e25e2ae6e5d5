/** A run of messages of one author: one shape, with the picture of the author at its foot. */
import type { ComponentChildren } from 'preact';
import type { Open } from '../../content/things';
import { memo } from '../../lib/memo';
import { nameOf, pictureOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import css from './Run.module.css';

interface Props {
  /** The person whose picture is drawn; `null` if the side of the messages says who speaks. */
  faceId: number | null;
  open: Open;
  children: ComponentChildren;
}

export function Run({ faceId, open, children }: Props) {
  return (
    <div class={faceId ? `${css.run} ${css.faced}` : css.run}>
      {children}
      {faceId && <Face userId={faceId} open={open} />}
    </div>
  );
}

/** Draws the picture of an author. It is drawn anew only if the person changes, not for each message. */
const Face = memo(function Face({ userId, open }: { userId: number; open: Open }) {
  return (
    <span class={css.face}>
      {/* For pointers only: the name does the same. */}
      <button type="button" tabIndex={-1} aria-hidden="true" onClick={() => open({ kind: 'person', userId })}>
        <Avatar id={userId} name={nameOf(userId)} picture={pictureOf(userId)} size={36} />
      </button>
    </span>
  );
});
