/** The pictures of a message: their colours at once, then what is seen, each in the size that is drawn. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { t } from '../../i18n';
import { connection, myId } from '../../store/session';
import { IconButton } from '../../ui/Button';
import { fullName } from '../names/names';
import { usePart } from '../part';
import type { Open } from '../things';
import { Album } from './Album';
import css from './Album.module.css';
import { Colours } from './Colours';
import { addressOf, filesOf, nameOfPicture, type Picture, picturesLine, picturesOf } from './files';
import { closeOwn, ownPhoto } from './own';
import { Still } from './Still';

/** The narrowest film that plays in its place, px: the controls of the browser need so much. */
const PLAYED_PX = 220;

/** Loads what opens and plays pictures. */
const load = () => import('./opened');

export function Photos({ message, open }: { message: MessageView; open: Open }) {
  const photos = picturesOf(message);
  if (!photos.length) return null;
  const from = message.sender_id === myId() ? '' : fullName(message.sender_id);
  return (
    <Album photos={photos} label={picturesLine(photos.map(({ kind }) => kind))}>
      {(photo, place, width) => (
        <Tile
          photo={photo}
          width={width}
          label={photo.alt || nameOfPicture(photo, place + 1, photos.length, from)}
          cmid={message.client_msg_id}
          place={filesOf(message).indexOf(photo)}
          onOpen={() => open({ kind: 'viewer', at: { ...message, place: filesOf(message).indexOf(photo) } })}
        />
      )}
    </Album>
  );
}

interface Props {
  photo: Picture;
  /** The width that is drawn, px. */
  width: number;
  label: string;
  /** The message by its id of the device that sent it, and the place of the photo among its files. */
  cmid: string | null | undefined;
  place: number;
  onOpen: () => void;
}

interface Try {
  attempt: number;
  state: 'loading' | 'shown' | 'failed';
}

function Tile({ photo, width, label, cmid, place, onOpen }: Props) {
  const { kind, thumbhash = '' } = photo;
  const [isPlaying, setPlaying] = useState(false);
  const Moving = usePart(kind !== 'photo', load)?.Moving;
  const link = useRef<HTMLAnchorElement>(null);
  // Each try has a picture of its own: a failed one would not load anew.
  const [{ attempt, state }, setTry] = useState<Try>({ attempt: 1, state: 'loading' });
  const note = (next: Try['state']): void => setTry({ attempt, state: next });
  const again = useCallback(
    () => setTry((now) => (now.state === 'failed' ? { attempt: now.attempt + 1, state: 'loading' } : now)),
    [],
  );
  // The same until the message leaves the page: what is drawn from it stays when it is closed.
  const [own] = useState(() => ownPhoto(cmid, place));
  const isOnline = connection.value === 'online';
  useEffect(() => {
    // What failed without a network is tried again with one.
    if (isOnline) again();
  }, [isOnline, again]);
  return (
    <>
      <a
        ref={link}
        class={css.photo}
        href={addressOf(photo)}
        target="_blank"
        rel="noopener"
        draggable={false}
        data-photo=""
        inert={isPlaying && Moving !== undefined}
        aria-label={label}
        // The viewer is there when the button is up again.
        onPointerEnter={() => void load().catch(() => {})}
        onClick={(event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return;
          event.preventDefault();
          if (kind === 'video' && event.currentTarget.clientWidth >= PLAYED_PX) setPlaying(true);
          else onOpen();
        }}
      >
        <Colours hash={thumbhash} />
        {own && <Still address={own} isFilm={kind === 'video'} class={css.own} />}
        {state !== 'failed' && (
          <img
            key={attempt}
            {...sources(photo)}
            sizes={`${width}px`}
            alt=""
            loading="lazy"
            decoding="async"
            draggable={false}
            class={state === 'shown' ? css.shown : undefined}
            ref={(img) => {
              // A picture that the browser has is there with the message.
              if (img?.complete && img.naturalWidth && state === 'loading') note('shown');
            }}
            onLoad={() => {
              note('shown');
              if (own && cmid) closeOwn(cmid, place);
            }}
            onError={() => note('failed')}
          />
        )}
      </a>
      {Moving && <Moving file={photo} label={label} isPlaying={isPlaying} />}
      {state === 'failed' && !isPlaying && (
        <span class={css.over}>
          <IconButton
            icon="retry"
            label={`${t().photoFailed}. ${t().tryAgain}`}
            onClick={() => {
              link.current?.focus({ preventScroll: true });
              again();
            }}
          />
        </span>
      )}
    </>
  );
}

/** Returns the addresses of the smaller variants; the browser chooses by the size that is drawn. */
function sources({ id, kind, variants = [] }: Picture): { src: string; srcSet?: string } {
  if (kind !== 'photo') return { src: `/api/files/${id}/poster` };
  const small = variants.filter(({ v }) => v !== 'l');
  return { src: `/api/files/${id}/m`, srcSet: small.map(({ v, w }) => `/api/files/${id}/${v} ${w}w`).join(', ') };
}
