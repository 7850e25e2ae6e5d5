/** Chosen pictures, told apart by their type: the bytes are not read for that. */

/** How a message shows a picture. */
export type PictureKind = 'photo' | 'gif' | 'video';

/** Returns what a picture is to become; a GIF that does not move becomes a photo in the end. */
export function kindOfPicture({ type }: { type: string }): PictureKind {
  if (/^video\/(mp4|quicktime|webm|x-m4v)$/.test(type)) return 'video';
  return type === 'image/gif' ? 'gif' : 'photo';
}
