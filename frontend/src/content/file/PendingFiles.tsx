/** The files of a message that is not sent yet, with the progress of each: pictures as they will be shown. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { clipMarks } from '../../lib/characters';
import { kindOfPicture } from '../../lib/media/moving';
import type { Attached, Item } from '../../store/outbox';
import { Icon } from '../../ui/Icon';
import { VoicePlace } from '../voice/Voice';
import { Album } from './Album';
import photoCss from './Album.module.css';
import { FileFace } from './FileFace';
import css from './Files.module.css';
import { nameOfPicture, namesLine, picturesLine, shortened } from './files';
import { openOwn, ownPhoto } from './own';
import { Still } from './Still';

export function PendingFiles({ item }: { item: Item }) {
  const { cmid, files = [], state, isLoose } = item;
  if (!files.length) return null;
  if (files[0]?.voice)
    return (
      <>
        <VoicePlace item={item} />
        {isLoose && <p class={css.note}>{t().fileLoose}</p>}
      </>
    );
  const all = files.map((file, place) => ({ file, place }));
  const photos = all.flatMap(({ file, place }) =>
    file.photo && file.photo !== 'unseen' ? [{ file, place, kind: kindOfPicture(file), ...file.photo }] : [],
  );
  const plain = all.filter(({ place }) => photos.every((one) => one.place !== place));
  const isFailed = state === 'failed';
  return (
    <>
      {photos.length > 0 && (
        <Album photos={photos} label={picturesLine(photos.map(({ kind }) => kind))}>
          {({ file, place, kind }, number) => (
            <Waiting
              cmid={cmid}
              place={place}
              file={file}
              isFilm={kind === 'video'}
              isFailed={isFailed}
              label={file.alt || nameOfPicture({ kind }, number + 1, photos.length)}
            />
          )}
        </Album>
      )}
      {plain.length > 0 && (
        <ul class={css.files} aria-label={t().files(plain.length)}>
          {plain.map(({ file, place }) => (
            <Row key={place} file={file} isFailed={isFailed} />
          ))}
        </ul>
      )}
      {isLoose && <p class={css.note}>{t().fileLoose}</p>}
    </>
  );
}

interface WaitingProps {
  cmid: string;
  place: number;
  file: Attached;
  isFilm: boolean;
  isFailed: boolean;
  label: string;
}

function Waiting({ cmid, place, file: { name, size, sent, state }, isFilm, isFailed, label }: WaitingProps) {
  const [address, setAddress] = useState(() => ownPhoto(cmid, place));
  useEffect(() => {
    let isWanted = true;
    void openOwn(cmid, place).then((found) => isWanted && setAddress(found));
    return () => {
      isWanted = false;
    };
  }, [cmid, place]);
  const part = Math.round((100 * sent) / (size || 1));
  return (
    <>
      <span class={photoCss.photo} role="img" aria-label={label}>
        {address && <Still address={address} isFilm={isFilm} class={photoCss.own} />}
      </span>
      {!isFailed && (state === 'shrinking' || state === 'uploading' || state === 'making') && (
        <span class={photoCss.over}>
          <span
            class={photoCss.ring}
            role="progressbar"
            aria-label={t().fileProgress(name)}
            aria-valuenow={part}
            style={{ '--part': `${part}%` }}
          />
        </span>
      )}
      {state === 'failed' && (
        <span class={photoCss.over}>
          <span class={photoCss.wrong}>
            <Icon name="failed" />
          </span>
        </span>
      )}
    </>
  );
}

function Row({ file, isFailed }: { file: Attached; isFailed: boolean }) {
  const { name, type, size, alt, state, sent } = file;
  return (
    <li class={css.row}>
      <FileFace label={name} type={type} note={isFailed ? t().fileSize(size) : noteOf(file)} alt={alt} />
      {!isFailed && (state === 'uploading' || state === 'making') && (
        <progress class={css.progress} max={size || 1} value={sent} aria-label={t().fileProgress(name)} />
      )}
    </li>
  );
}

/** Returns why a message was refused, with the file that was among several. */
export function refusalOf({ files = [], reason }: Item): string {
  const refused = files.length > 1 ? files.filter((one) => one.state === 'failed' && one.reason) : [];
  return refused.map(({ name, reason: why }) => `${shortened(clipMarks(name))}: ${why}`).join(' ') || reason;
}

/** Returns the files of a message in one line. */
export function waitingLine({ files = [] }: Item): string {
  const voice = files[0]?.voice;
  if (voice) return t().voiceLine(voice.ms);
  const plain = files.filter(({ photo }) => !photo);
  return namesLine(
    files.filter(({ photo }) => photo).map(kindOfPicture),
    plain.map(({ name }) => name),
  );
}

/** Returns the state of a file in words. */
function noteOf({ state, reason, sent, size }: Attached): string {
  if (reason) return reason;
  if (state === 'making') return t().pictureMaking;
  return state === 'uploading' ? t().fileSent(sent, size) : t().fileSize(size);
}
