/** The items of a gallery: pictures in squares, and files in rows. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ChatFile } from '../../api/types';
import { Colours } from '../../content/file/Colours';
import { FileFace } from '../../content/file/FileFace';
import { saving } from '../../content/file/Files';
import { addressOf, isPicture, nameOfPicture, pageOf } from '../../content/file/files';
import { fullName } from '../../content/names/names';
import type { Open } from '../../content/things';
import { Sound } from '../../content/voice/Player';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/gallery';
import { clipMarks } from '../../lib/characters';
import { dayName, exactTime, playTime } from '../../lib/time';
import { placeOf } from '../../store/messages';
import type { ChatLink, Item } from '../../store/parts/gallery';
import { connection, myId } from '../../store/session';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import css from './Gallery.module.css';
import type { Way } from './List';

interface Props {
  item: ChatFile;
  way: Way;
}

const senderOf = ({ sender_id: id }: Item): string => (id === myId() ? t().you : fullName(id));

/** Returns the name of a picture for a screen reader: what it shows, or else what it is and who sent it. */
function labelOf(item: ChatFile): string {
  const { file } = item;
  const from = item.sender_id === myId() ? '' : fullName(item.sender_id);
  const what = isPicture(file) ? nameOfPicture(file, 1, 1, from) : clipMarks(file.name);
  return [file.alt || what, exactTime(item.sent_at, lang.value)].join('. ');
}

export function Tile({ item, way, onOpen }: Props & { onOpen: () => void }) {
  const { file } = item;
  const [{ attempt, isFailed }, setTry] = useState({ attempt: 1, isFailed: false });
  const [isShown, setShown] = useState(false);
  const again = useCallback(
    () => setTry((now) => (now.isFailed ? { attempt: now.attempt + 1, isFailed: false } : now)),
    [],
  );
  const isOnline = connection.value === 'online';
  useEffect(() => {
    if (isOnline) again();
  }, [isOnline, again]);
  const label = labelOf(item);
  const small = file.variants?.find(({ v }) => v === 's' || v === 'poster');
  return (
    <a
      {...way}
      class={css.tile}
      href={addressOf(file)}
      target="_blank"
      rel="noopener"
      draggable={false}
      aria-label={isFailed ? `${label}. ${t().photoFailed}. ${t().tryAgain}` : label}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || !(isFailed || isPicture(file))) return;
        event.preventDefault();
        if (isFailed) again();
        else onOpen();
      }}
    >
      <Colours hash={file.thumbhash ?? ''} />
      {small && !isFailed && (
        <img
          key={attempt}
          src={`/api/files/${file.id}/${small.v}`}
          alt=""
          decoding="async"
          draggable={false}
          class={isShown ? css.there : undefined}
          ref={(img) => {
            if (img?.complete && img.naturalWidth) setShown(true);
          }}
          onLoad={() => setShown(true)}
          onError={() => setTry({ attempt, isFailed: true })}
        />
      )}
      {(isFailed || !small) && (
        <span class={css.sign}>
          <Icon name={isFailed ? 'retry' : 'fileVideo'} />
        </span>
      )}
      {(file.kind === 'video' || file.kind === 'gif') && (
        <span class={css.length}>{file.kind === 'gif' ? 'GIF' : playTime(file.duration_ms ?? 0)}</span>
      )}
    </a>
  );
}

export function FileRow({ item, way, open }: Props & { open: Open }) {
  const { file, chat_id: chatId, seq } = item;
  const { name: whole, type, size, alt } = file;
  const name = clipMarks(whole);
  const note = [t().fileSize(size), senderOf(item), dayName(item.sent_at, lang.value)].join(' · ');
  return (
    <>
      <a
        {...way}
        class={css.file}
        href={addressOf(file)}
        download={whole}
        draggable={false}
        aria-label={[t().fileDownload(name, size), alt, note].filter(Boolean).join('. ')}
        onClick={saving(file, open)}
      >
        <FileFace label={whole} type={type} note={note} page={pageOf(file)} />
      </a>
      <IconButton
        icon="reply"
        label={t().galleryInChat(name)}
        tabIndex={way.tabIndex}
        onClick={() => open({ kind: 'chat', chatId, seq })}
      />
    </>
  );
}

export function VoiceRow({ item, way, open }: Props & { open: Open }) {
  const { file, chat_id: chatId, seq } = item;
  const length = file.duration_ms ?? 0;
  const note = [senderOf(item), dayName(item.sent_at, lang.value)].join(' · ');
  return (
    <>
      <div class={css.voice}>
        <p>{note}</p>
        <Sound track={{ key: placeOf(item), address: addressOf(file), length, chatId, seq }} peaks={file.peaks} />
      </div>
      <IconButton
        {...way}
        icon="reply"
        label={`${t().galleryInChat(t().voiceLine(length))}. ${note}`}
        onClick={() => open({ kind: 'chat', chatId, seq })}
      />
    </>
  );
}

/** Returns an address without its scheme, which says nothing to a reader. */
const shortOf = (address: string): string => address.replace(/^https?:\/\/(www\.)?/i, '');

export function LinkRow({ item, way, open }: { item: ChatLink; way: Way; open: Open }) {
  const { address, label, card, chat_id: chatId, seq } = item;
  const title = clipMarks(card?.title || label || shortOf(address));
  const place = URL.canParse(address) ? new URL(address).host.replace(/^www\./, '') : address;
  const note = [senderOf(item), dayName(item.sent_at, lang.value)].filter(Boolean).join(' · ');
  return (
    <>
      <a
        {...way}
        class={css.file}
        href={address}
        target="_blank"
        rel="noopener noreferrer"
        draggable={false}
        title={address}
        aria-label={[title, place, note].join('. ')}
      >
        <span class={css.page}>
          {card?.picture ? (
            <img
              src={`/api/chats/${chatId}/messages/${seq}/cards/${card.place}/${card.picture.id}`}
              alt=""
              decoding="async"
              draggable={false}
            />
          ) : (
            <Icon name="link" />
          )}
        </span>
        <span class={css.words}>
          <b dir="auto">{title}</b>
          <span>{place}</span>
          <span>{note}</span>
        </span>
      </a>
      <IconButton
        icon="reply"
        label={t().galleryInChat(title)}
        tabIndex={way.tabIndex}
        onClick={() => open({ kind: 'chat', chatId, seq })}
      />
    </>
  );
}
