/** Files of a message: their icons, their names in one line, and whether a system would run them. */
import type { FileOfMessage, MessageView } from '../../api/types';
import { t } from '../../i18n';
import { clipMarks, cut } from '../../lib/characters';
import type { PictureKind } from '../../lib/media/moving';
import { playTime } from '../../lib/time';
import type { IconName } from '../../ui/Icon';
import type { Size } from './album';

/** The icons by the type that the server found in the bytes, or else by the ending of the name. */
const ICONS: readonly [IconName, type: RegExp, ending: RegExp][] = [
  ['fileImage', /^image\//, /^(jpe?g|png|gif|webp|avif|heic|heif|tiff?|bmp|svg|psd)$/],
  ['fileVideo', /^video\//, /^(mp4|mov|m4v|webm|mkv|avi)$/],
  ['fileSound', /^audio\//, /^(mp3|m4a|aac|ogg|opus|wav|flac)$/],
  ['fileText', /^(text\/|application\/pdf)/, /^(txt|md|rtf|csv|docx?|odt|xlsx?|ods|pptx?|odp|pdf|epub)$/],
  ['fileArchive', /zip|compressed|x-tar/, /^(zip|7z|rar|tar|t?gz|bz2|xz|zst|iso|dmg)$/],
];

/** Endings that a system or an office program runs. */
const RUN = new Set(
  `exe msi msix com scr pif cpl bat cmd ps1 psm1 vbs vbe js jse wsf wsh hta lnk url reg jar jnlp chm dll
   html htm xhtml mht mhtml shtml svg xml xsl docm dotm xlsm xltm xlam pptm potm ppam one iso img vhd vhdx
   app command terminal workflow pkg mpkg dmg scpt sh run desktop appimage deb rpm apk xapk ipa py pyw rb pl`.split(
    /\s+/,
  ),
);

const NAMED_MAX = 160;
/** The parts of a long name that are shown, code units. */
const SHOWN = { first: 24, last: 12 };

/** Returns where a file is downloaded: what the server has made of all of it, else as it was uploaded. */
export const addressOf = ({ id, variants }: FileOfMessage): string =>
  `/api/files/${id}/${variants?.find(({ v }) => v === 'l' || v === 'play')?.v ?? 'o'}`;

/** Returns where a picture of the first page of a document is, if there is one. */
export const pageOf = ({ id, variants }: FileOfMessage): string | undefined =>
  variants?.some(({ v }) => v === 'page') ? `/api/files/${id}/page` : undefined;

export const filesOf = ({ parts }: MessageView): readonly FileOfMessage[] => parts?.files?.items ?? [];

/** A picture, still or moving: its size is known before it is loaded. */
export type Picture = FileOfMessage & Size & { kind: PictureKind };

const PICTURES: Readonly<Record<PictureKind, (n: number) => string>> = {
  photo: (n) => t().photos(n),
  video: (n) => t().films(n),
  gif: (n) => t().gifs(n),
};
export const isPicture = (file: FileOfMessage): file is Picture =>
  Boolean(file.kind in PICTURES && file.width && file.height);
export const picturesOf = (message: MessageView): readonly Picture[] => filesOf(message).filter(isPicture);
/** Returns the recording of a message, which is its only file. */
export const voiceOf = (message: MessageView): FileOfMessage | undefined =>
  filesOf(message).find(({ kind }) => kind === 'voice');
/** Returns the files of a message that are shown neither as pictures nor as a recording. */
export const plainOf = (message: MessageView): readonly FileOfMessage[] =>
  filesOf(message).filter((one) => !isPicture(one) && one.kind !== 'voice');

/** Returns how many pictures there are of each kind. */
export const picturesLine = (kinds: readonly PictureKind[]): string =>
  (Object.keys(PICTURES) as PictureKind[])
    .map((kind) => [kind, kinds.filter((one) => one === kind).length] as const)
    .flatMap(([kind, n]) => (n ? PICTURES[kind](n) : []))
    .join(', ');

type Named = Pick<Picture, 'kind' | 'duration_ms'>;

/** Returns the name of a picture without words of its own: what it is, which of how many, how long, and from whom. */
export function nameOfPicture({ kind, duration_ms: ms }: Named, place: number, all: number, from = ''): string {
  const lasts = kind === 'video' && ms ? playTime(ms) : '';
  return t().pictureOf(PICTURES[kind](1), place, all, lasts, from);
}

/** Returns the last ending of a name, in small letters and without what a system ignores at the end. */
const endingOf = (name: string): string => /\.([^.]+)$/.exec(name.toLowerCase().replace(/[\s.]+$/, ''))?.[1] ?? '';

/** Returns a name without its middle if it is long: the ending says what the file is. */
export function shortened(name: string): string {
  const { first, last } = SHOWN;
  if (name.length <= first + last) return name;
  return `${cut(name, first)}…${name.slice(-last).replace(/^[\udc00-\udfff]/, '')}`;
}

export function iconOf(name: string, type: string): IconName {
  const ending = endingOf(name);
  const found = ICONS.find(([, types]) => types.test(type)) ?? ICONS.find(([, , endings]) => endings.test(ending));
  return found?.[0] ?? 'file';
}

/** Says whether opening the saved file may run a program. */
export const mayRun = (name: string): boolean => RUN.has(endingOf(name));

/** Returns how many pictures there are, and the names of other files, in one line; empty without any. */
export function namesLine(pictures: readonly PictureKind[], names: readonly string[]): string {
  const list = names.map(clipMarks).join(', ');
  const files = names.length > 1 ? `${t().files(names.length)}: ${list}` : list;
  return cut([picturesLine(pictures), files].filter(Boolean).join(', '), NAMED_MAX);
}

export function filesLine(message: MessageView): string {
  const voice = voiceOf(message);
  if (voice) return t().voiceLine(voice.duration_ms ?? 0);
  return namesLine(
    picturesOf(message).map(({ kind }) => kind),
    plainOf(message).map(({ name }) => name),
  );
}
