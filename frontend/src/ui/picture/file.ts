/** Picture files: found in dropped or pasted data, and opened. */
import { t } from '../../i18n/screens/pictures';
import { bitmapOf } from '../../lib/media/pictures';

/** An opened picture. */
export interface Opened {
  image: ImageBitmap;
  /** The picture is animated; only its first frame was opened. */
  isMoving: boolean;
}

/** Sends a file; returns whether it is shown already. Its errors have a text. */
export type Save = (
  file: Blob,
  /** `onPart` receives the sent part, 0 to 1. */
  way: { onPart: (part: number) => void; signal: AbortSignal },
) => Promise<boolean>;

/** Larger files are not photographs, and could crash the page. */
const FILE_MAX = 50_000_000;
/** The largest side of a picture in memory (px): plenty for the square that is sent. */
const WORKED_PX = 2560;
/** The places where a format announces more than one frame. */
const MOVING: readonly [format: RegExp, mark: string][] = [
  [/^GIF8/, 'NETSCAPE2.0'],
  [/^.PNG/, 'acTL'],
  [/^RIFF....WEBP/s, 'ANIM'],
];
const HEAD = 65_536;

export const pictureIn = (data: DataTransfer | null): File | undefined =>
  [...(data?.files ?? [])].find((file) => file.type.startsWith('image/'));

/** Opens a file as pixels, upright and no larger than needed. Throws an error with a text about the file. */
export async function opened(file: File): Promise<Opened> {
  if (file.type && !file.type.startsWith('image/')) throw new Error(t().pictureNone);
  if (file.size > FILE_MAX) throw new Error(t().pictureLarge(FILE_MAX / 1_000_000));
  try {
    const head = await file.slice(0, HEAD).arrayBuffer();
    return { image: await bitmapOf(file, WORKED_PX), isMoving: isMoving(new TextDecoder('latin1').decode(head)) };
  } catch {
    throw new Error(t().pictureBroken);
  }
}

/** Says whether a file with this beginning has more than one frame. */
export const isMoving = (head: string): boolean =>
  MOVING.some(([format, mark]) => format.test(head) && head.includes(mark));
