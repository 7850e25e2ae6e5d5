/** Smaller pictures, made by this browser. */

/** A large photo is sent with this longer side (px) and quality: the server keeps less. */
const SENT_PX = 2560;
const QUALITY = 0.87;

interface Size {
  width: number;
  height: number;
}

/** Opens a picture upright, no larger than `most` px. Throws what the browser throws if it cannot. */
export async function bitmapOf(file: Blob, most: number): Promise<ImageBitmap> {
  const image = await createImageBitmap(file);
  const scale = most / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const [resizeWidth, resizeHeight] = [image.width, image.height].map((side) => Math.max(1, Math.round(side * scale)));
  const smaller = await createImageBitmap(image, { resizeWidth, resizeHeight, resizeQuality: 'high' });
  image.close();
  return smaller;
}

/** Returns a large photo made smaller; `null` if it is not large, or this browser cannot make it smaller. */
export async function shrunk(file: Blob, { width, height }: Size): Promise<Blob | null> {
  if (Math.max(width, height) <= SENT_PX) return null;
  const image = await bitmapOf(file, SENT_PX).catch(() => null);
  if (!image) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext('2d')?.drawImage(image, 0, 0);
  image.close();
  // What may be transparent stays so.
  const type = /png|webp/.test(file.type) ? 'image/webp' : 'image/jpeg';
  const made = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY));
  // A browser that cannot write this type writes another one, which may be larger.
  return made && made.type === type && made.size < file.size ? made : null;
}
