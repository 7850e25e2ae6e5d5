/** The photos of a chat one at a time, over the page: by keys, wheel, pinch and swipe. */
import { useComputed } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { lang } from '../../../i18n';
import { t } from '../../../i18n/screens/viewer';
import { modal } from '../../../lib/browser';
import { exactTime } from '../../../lib/time';
import { placeOf, removing, windowOf } from '../../../store/messages';
import { myId } from '../../../store/session';
import { IconButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { useOver } from '../../../ui/over';
import { fullName } from '../../names/names';
import type { Open, ThingProps } from '../../things';
import { addressOf, filesOf, photosOf } from '../files';
import { Stage } from './Stage';
import css from './Viewer.module.css';

/** `open` goes to a message. */
type Props = ThingProps<'viewer'> & { context: { open: Open } };

export function Viewer({ thing: { message: first, place: begun }, context, onClose }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => modal(ref.current), []);
  useOver(onClose);
  const chatId = first.chat_id;
  const { value: photos } = useComputed(() => photosIn(chatId));
  const [at, setAt] = useState(`${placeOf(first)}/${begun}`);
  const place = photos.findIndex(({ key }) => key === at);
  const shown = photos[place];
  // A photo that is deleted leaves the page; the next message may be gone too.
  useEffect(() => {
    if (!shown) onClose();
  }, [shown, onClose]);
  const go = useCallback(
    (to: number): void => {
      const next = photos[Math.max(0, Math.min(photos.length - 1, to))];
      if (next) setAt(next.key);
    },
    [photos],
  );
  useEffect(() => {
    // What comes next is there at once.
    for (const near of [photos[place + 1], photos[place - 1]]) if (near) new Image().src = addressOf(near.photo);
  }, [photos, place]);
  if (!shown) return null;
  const { message, photo } = shown;
  const { name } = photo;
  const from = message.sender_id === myId() ? t().you : fullName(message.sender_id);
  const keys: Record<string, () => void> = {
    Home: () => go(0),
    End: () => go(photos.length - 1),
    PageUp: () => go(place - 1),
    PageDown: () => go(place + 1),
  };
  return (
    <dialog
      ref={ref}
      class={css.viewer}
      aria-label={t().photoOf(place + 1, photos.length, '')}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onKeyDown={(event) => {
        const run = keys[event.key];
        if (!run) return;
        event.preventDefault();
        run();
      }}
    >
      <header class={css.head}>
        <p>
          <b>{from}</b>
          <time dateTime={message.sent_at}>{exactTime(message.sent_at, lang.value)}</time>
        </p>
        <a class={css.act} href={addressOf(photo)} download={name} aria-label={t().photoSave} title={t().photoSave}>
          <Icon name="download" />
        </a>
        <IconButton
          icon="reply"
          label={t().photoInChat}
          onClick={() => {
            onClose();
            context.open({ kind: 'chat', chatId, seq: message.seq });
          }}
        />
        <IconButton icon="close" label={t().close} onClick={onClose} />
      </header>
      <Stage key={at} photo={photo} onStep={(by) => go(place + by)} onClose={onClose} />
      {place > 0 && (
        <span class={css.before}>
          <IconButton icon="back" label={t().photoBefore} onClick={() => go(place - 1)} />
        </span>
      )}
      {place < photos.length - 1 && (
        <span class={css.after}>
          <IconButton icon="on" label={t().photoAfter} onClick={() => go(place + 1)} />
        </span>
      )}
      <p class={css.words} role="status">
        <span>{photos.length > 1 ? t().photoOf(place + 1, photos.length, '') : ''}</span>
        {photo.alt && <span dir="auto">{photo.alt}</span>}
      </p>
    </dialog>
  );
}

/** Returns the photos of the loaded messages of a chat, oldest first. */
function photosIn(chatId: number) {
  const all = windowOf(chatId).value?.items ?? [];
  return all
    .filter((message) => !message.deleted_at && !removing.value.has(placeOf(message)))
    .flatMap((message) =>
      photosOf(message).map((photo) => ({
        key: `${placeOf(message)}/${filesOf(message).indexOf(photo)}`,
        message,
        photo,
      })),
    );
}
