/** Files that are chosen and not sent yet, by chat: they last as long as the page. */
import { kindOfPicture } from '../../lib/media/moving';
import { chat } from '../chats';
import { server } from '../session';
import { signal } from '../signal';

export interface Chosen {
  key: string;
  file: File;
  /** Says in words what the file shows. */
  alt: string;
  /** A picture is shown in the message and made anew; a file arrives as it is. */
  isShown: boolean;
}

export const trays = signal<ReadonlyMap<number, readonly Chosen[]>>(new Map());
export const trayOf = (chatId: number): readonly Chosen[] => trays.value.get(chatId) ?? [];

export function setTray(chatId: number, files: readonly Chosen[]): void {
  const next = new Map(trays.value);
  if (files.length) next.set(chatId, files);
  else next.delete(chatId);
  trays.value = next;
}

/** Returns the files with one of them moved by a step; the same ones at the end. */
export function shifted(files: readonly Chosen[], key: string, step: 1 | -1): readonly Chosen[] {
  const from = files.findIndex((one) => one.key === key);
  const [to, one] = [from + step, files[from]];
  return one && to >= 0 && to < files.length ? files.toSpliced(from, 1).toSpliced(to, 0, one) : files;
}

/** Returns the files with one of them at the place of another. */
export function movedTo(files: readonly Chosen[], moved: string, to: string): readonly Chosen[] {
  const placeOf = (key: string): number => files.findIndex((one) => one.key === key);
  const [from, place] = [placeOf(moved), placeOf(to)];
  const one = files[from];
  return one && place >= 0 ? files.toSpliced(from, 1).toSpliced(place, 0, one) : files;
}

const has = (feature: string): boolean => server.value?.features.includes(feature) ?? false;

/** Says whether the server can make a picture of a file, still or moving. */
export const isPicture = (file: File): boolean =>
  /^image\/(jpeg|png|webp)$/.test(file.type) ||
  (/\.hei[cf]$/i.test(file.name) && has('heic')) ||
  // Without a decoder of films an animated picture would arrive as a still one.
  (kindOfPicture(file) !== 'photo' && has('video'));

/** Returns files for a tray: pictures as photos, unless those that are in it go out as files. */
export function chosenWith(before: readonly Chosen[], files: readonly { key: string; file: File }[]): Chosen[] {
  const isPlain = before.some((one) => isPicture(one.file) && !one.isShown);
  return files.map((one) => ({ ...one, alt: '', isShown: isPicture(one.file) && !isPlain }));
}

/** Returns how many files a message holds. */
export const filesMax = (): number => server.value?.limits.message_files_max ?? 10;
/** Returns the size of the largest file, bytes. */
export const sizeMax = (): number => server.value?.limits.file_max_bytes ?? Infinity;
/** Says whether the server takes files at all; without a network that is not known yet, and files wait. */
export const takesFiles = (): boolean => server.value?.features.includes('files') ?? true;
/** Says whether I may send files in a chat. */
export const maySendFiles = (chatId: number): boolean =>
  takesFiles() && (chat(chatId)?.my_rights.includes('media') ?? false);
