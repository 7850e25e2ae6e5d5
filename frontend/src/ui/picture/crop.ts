/** The square that is cropped from a picture: its centre (px of the picture) and its zoom. */
import { t } from '../../i18n/screens/pictures';

export interface Crop {
  x: number;
  y: number;
  /** 1: the largest square that fits. */
  zoom: number;
}

export interface Size {
  width: number;
  height: number;
}

/** The smallest square (px), and the largest zoom. */
const LEAST_PX = 64;
const NEAREST = 8;
/** The sent size: enough for the largest size that the server makes, on any screen. */
const SENT_PX = 640;

export const whole = ({ width, height }: Size): Crop => ({ x: width / 2, y: height / 2, zoom: 1 });

export const sideOf = ({ width, height }: Size, { zoom }: Crop): number => Math.min(width, height) / zoom;

export const nearest = ({ width, height }: Size): number =>
  Math.max(1, Math.min(NEAREST, Math.min(width, height) / LEAST_PX));

/** Returns the square moved by so many pixels of the picture, as far as its edges allow. */
export const moved = (size: Size, crop: Crop, dx: number, dy: number): Crop =>
  inside(size, { ...crop, x: crop.x + dx, y: crop.y + dy });

/** Returns the square zoomed by a factor; the point at (`u`, `v`) of the square (0 to 1) keeps its place. */
export function zoomed(size: Size, crop: Crop, factor: number, u = 0.5, v = 0.5): Crop {
  const zoom = Math.min(nearest(size), Math.max(1, crop.zoom * factor));
  const shrunk = sideOf(size, crop) - sideOf(size, { ...crop, zoom });
  return inside(size, { x: crop.x + shrunk * (u - 0.5), y: crop.y + shrunk * (v - 0.5), zoom });
}

function inside(size: Size, crop: Crop): Crop {
  const half = sideOf(size, crop) / 2;
  const within = (at: number, length: number): number => Math.min(length - half, Math.max(half, at));
  return { ...crop, x: within(crop.x, size.width), y: within(crop.y, size.height) };
}

/** Draws the square over a whole canvas. */
export function draw(canvas: HTMLCanvasElement, image: ImageBitmap, crop: Crop): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  const side = sideOf(image, crop);
  context.imageSmoothingQuality = 'high';
  context.clearRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, crop.x - side / 2, crop.y - side / 2, side, side, 0, 0, canvas.width, canvas.height);
}

/** Returns the square as a file, WebP if the browser writes it. Rejects with a text on failure. */
export function encoded(image: ImageBitmap, crop: Crop): Promise<Blob> {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(Math.min(SENT_PX, sideOf(image, crop)));
  draw(canvas, image, crop);
  return new Promise((resolve, reject) => {
    canvas.toBlob((file) => (file ? resolve(file) : reject(new Error(t().pictureBroken))), 'image/webp', 0.9);
  });
}
