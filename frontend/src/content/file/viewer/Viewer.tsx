/** The photos and films of a chat one at a time, over the page: by keys, wheel, pinch and swipe. */
import { useComputed } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { ChatFile } from '../../../api/types';
import { lang } from '../../../i18n';
import { t } from '../../../i18n/screens/viewer';
import { modal } from '../../../lib/browser';
import { exactTime } from '../../../lib/time';
import { placeOf, removing } from '../../../store/messages';
import { connection, myId } from '../../../store/session';
import { type Walker, walkIn } from '../../../sync/parts/walk';
import { Button, IconButton } from '../../../ui/Button';
import { Icon } from '../../../ui/Icon';
import { useOver } from '../../../ui/over';
import { fullName } from '../../names/names';
import type { Open, Spot, ThingProps } from '../../things';
import { addressOf, isPicture, nameOfPicture, type Picture } from '../files';
import { Reel } from './Reel';
import { Stage } from './Stage';
import css from './Viewer.module.css';

/** More pictures are loaded when so few are left. */
const NEAR_END = 5;

/** `open` goes to a message. */
type Props = ThingProps<'viewer'> & { context: { open: Open } };

export function Viewer({ thing: { at: first, others }, context, onClose }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => modal(ref.current), []);
  useOver(onClose);
  const chatId = first.chat_id;
  const walk = useMemo(() => (others ? null : walkIn(chatId)), [others, chatId]);
  useEffect(() => walk?.end, [walk]);
  const { value: pictures } = useComputed(() => among(others?.files.value.toReversed() ?? walk?.files.value ?? []));
  const [at, setAt] = useState(keyOf(first));
  const place = pictures.findIndex((one) => keyOf(one) === at);
  const shown = pictures[place];
  // A picture that is deleted leaves the page; the next message may be gone too.
  useEffect(() => {
    if (!shown) onClose();
  }, [shown, onClose]);
  const go = useCallback(
    (to: number): void => {
      const next = pictures[Math.max(0, Math.min(pictures.length - 1, to))];
      if (next) setAt(keyOf(next));
    },
    [pictures],
  );
  useEffect(() => {
    // What comes next is there at once.
    for (const near of [pictures[place + 1], pictures[place - 1]]) if (near) new Image().src = seenAt(near.file);
    if (shown && place < NEAR_END) others?.more();
  }, [pictures, place, shown, others]);
  const ends = useEnds(walk, place, pictures.length);
  if (!shown) return null;
  const { file: picture, seq, sender_id: senderId, sent_at: sentAt } = shown;
  const { name } = picture;
  const isWhole = others?.isWhole.value ?? ends.isWhole;
  const title = isWhole ? nameOfPicture(picture, place + 1, pictures.length) : nameOfPicture(picture, 1, 1);
  const from = senderId === myId() ? t().you : fullName(senderId);
  const keys: Record<string, () => void> = {
    Home: () => go(0),
    End: () => go(pictures.length - 1),
    PageUp: () => go(place - 1),
    PageDown: () => go(place + 1),
  };
  return (
    <dialog
      ref={ref}
      class={css.viewer}
      tabIndex={-1}
      aria-label={title}
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
          <time dateTime={sentAt}>{exactTime(sentAt, lang.value)}</time>
        </p>
        <a class={css.act} href={addressOf(picture)} download={name} aria-label={t().photoSave} title={t().photoSave}>
          <Icon name="download" />
        </a>
        <IconButton
          icon="reply"
          label={t().photoInChat}
          onClick={() => {
            onClose();
            context.open({ kind: 'chat', chatId, seq });
          }}
        />
        <IconButton icon="close" label={t().close} onClick={onClose} />
      </header>
      {picture.kind === 'photo' ? (
        <Stage key={at} photo={picture} onStep={(by) => go(place + by)} onClose={onClose} />
      ) : (
        <Reel key={at} file={picture} isAsked={at === keyOf(first)} onStep={(by) => go(place + by)} onClose={onClose} />
      )}
      {place > 0 && (
        <span class={css.before}>
          <IconButton icon="back" label={t().photoBefore} onClick={() => go(place - 1)} />
        </span>
      )}
      {place < pictures.length - 1 && (
        <span class={css.after}>
          <IconButton icon="on" label={t().photoAfter} onClick={() => go(place + 1)} />
        </span>
      )}
      <p class={css.words} role="status">
        <span>{pictures.length > 1 ? title : ''}</span>
        {ends.state === 'loading' && <span>{t().loading}</span>}
        {ends.state === 'failed' && (
          <span>
            {t().viewerFailed}{' '}
            <Button
              onClick={() => {
                // The button goes.
                ref.current?.focus();
                ends.retry();
              }}
            >
              {t().tryAgain}
            </Button>
          </span>
        )}
        {picture.alt && <span dir="auto">{picture.alt}</span>}
      </p>
    </dialog>
  );
}

const keyOf = (one: Spot): string => `${placeOf(one)}/${one.place}`;

/** Returns where the first sight of a picture is. */
const seenAt = (picture: Picture): string =>
  picture.kind === 'photo' ? addressOf(picture) : `/api/files/${picture.id}/poster`;

/** Returns the pictures among files; the message of one may be about to be deleted. */
function among(files: readonly ChatFile[]) {
  return files.flatMap((one) =>
    isPicture(one.file) && !removing.value.has(placeOf(one)) ? [{ ...one, file: one.file }] : [],
  );
}

const SIDES = ['before', 'after'] as const;

/** Loads more where a picture is near an end of what is known; returns what is to be said about the end it is at. */
function useEnds(walk: Walker | null, place: number, count: number) {
  const states = walk?.states.value;
  const isNear = { before: place < NEAR_END, after: place >= count - NEAR_END };
  useEffect(() => {
    // What failed is tried again by a press, or with the network.
    for (const side of SIDES) if (place >= 0 && isNear[side] && states?.[side] === 'open') walk?.more(side);
  });
  const retry = useCallback(() => {
    for (const side of SIDES) if (walk?.states.peek()[side] === 'failed') walk.more(side);
  }, [walk]);
  const isOnline = connection.value === 'online';
  useEffect(() => {
    if (isOnline) retry();
  }, [isOnline, retry]);
  const here = [place === 0 && states?.before, place === count - 1 && states?.after];
  const state = (['failed', 'loading'] as const).find((one) => here.includes(one));
  return { isWhole: SIDES.every((side) => states?.[side] === 'end'), state, retry };
}
