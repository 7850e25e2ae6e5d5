/** The sizes of chosen pictures, as the browser shows them; loaded with the first of them. */
import { kindOfPicture } from './moving';

/** The longest wait for the size of a film, ms. */
const OPENED_MS = 5000;

interface Size {
  width: number;
  height: number;
}

/** Returns the size of a picture when it is upright; `null` if this browser cannot show it. */
export function measured(file: File): Promise<Size | null> {
  const address = URL.createObjectURL(file);
  const found = kindOfPicture(file) === 'video' ? ofFilm(address) : ofPhoto(address);
  return found.finally(() => URL.revokeObjectURL(address));
}

function ofPhoto(address: string): Promise<Size | null> {
  const image = new Image();
  return new Promise((resolve) => {
    image.onload = () => resolve({ width: image.naturalWidth, height: image.naturalHeight });
    image.onerror = () => resolve(null);
    image.src = address;
  });
}

function ofFilm(address: string): Promise<Size | null> {
  const film = Object.assign(document.createElement('video'), { preload: 'metadata', muted: true });
  return new Promise((resolve) => {
    film.onloadedmetadata = () => {
      const { videoWidth: width, videoHeight: height } = film;
      // A film without pictures is a sound.
      resolve(width && height ? { width, height } : null);
    };
    film.onerror = () => resolve(null);
    // What the browser is slow to open goes out without its size.
    setTimeout(() => resolve(null), OPENED_MS);
    film.src = address;
  });
}
