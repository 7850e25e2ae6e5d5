/** Realistic pictures painted in a browser, and checks of how a page shows them. */
import type { Locator, Page } from '@playwright/test';
import { expect, type Server } from './world';

export interface Picture {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** Returns a JPEG of two colours side by side with an EXIF orientation (6: the left edge belongs on top). */
export async function halves(page: Page, width: number, height: number, orientation = 1): Promise<Picture> {
  const plain = await painted(
    page,
    ({ width, height }) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      for (const [place, colour] of ['#f00', '#00f'].entries()) {
        context.fillStyle = colour;
        context.fillRect((place * width) / 2, 0, width / 2, height);
      }
      return canvas;
    },
    { width, height },
  );
  const exif = Buffer.from('ffe100224578696600004d4d002a000000080001011200030000000100060000' + '00000000', 'hex');
  exif[29] = orientation;
  return {
    name: 'halves.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.concat([plain.subarray(0, 2), exif, plain.subarray(2)]),
  };
}

/** Paints a face before a hill, in the colours of a hue. */
export async function portrait(page: Page, hue: number): Promise<Picture> {
  const buffer = await painted(
    page,
    ({ hue }) => {
      const canvas = new OffscreenCanvas(900, 1200);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const sky = context.createLinearGradient(0, 0, 0, 1200);
      sky.addColorStop(0, `oklch(88% 0.06 ${hue})`);
      sky.addColorStop(1, `oklch(60% 0.1 ${hue + 60})`);
      context.fillStyle = sky;
      context.fillRect(0, 0, 900, 1200);
      const blob = (x: number, y: number, width: number, height: number, colour: string): void => {
        context.fillStyle = colour;
        context.beginPath();
        context.ellipse(x, y, width, height, 0, 0, 2 * Math.PI);
        context.fill();
      };
      blob(200, 1100, 700, 300, `oklch(55% 0.09 ${hue + 120})`);
      blob(470, 1060, 300, 330, `oklch(42% 0.1 ${hue + 200})`);
      blob(470, 470, 205, 240, `oklch(32% 0.05 ${hue + 20})`);
      blob(470, 530, 165, 205, 'oklch(80% 0.06 60)');
      for (const x of [410, 530]) blob(x, 510, 16, 20, 'oklch(25% 0.02 60)');
      blob(470, 630, 50, 14, 'oklch(55% 0.13 25)');
      return canvas;
    },
    { hue },
  );
  return { name: 'portrait.jpg', mimeType: 'image/jpeg', buffer };
}

/** Paints a hill under the sun, in the colours of a hue. */
export async function scene(page: Page, hue: number, width: number, height: number): Promise<Picture> {
  const buffer = await painted(
    page,
    ({ hue, width, height }) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      const sky = context.createLinearGradient(0, 0, 0, height);
      sky.addColorStop(0, `oklch(80% 0.09 ${hue})`);
      sky.addColorStop(1, `oklch(92% 0.05 ${hue + 80})`);
      context.fillStyle = sky;
      context.fillRect(0, 0, width, height);
      const blob = (x: number, y: number, across: number, down: number, colour: string): void => {
        context.fillStyle = colour;
        context.beginPath();
        context.ellipse(x * width, y * height, across * width, down * height, 0, 0, 2 * Math.PI);
        context.fill();
      };
      blob(0.75, 0.25, 0.08, (0.08 * width) / height, 'oklch(90% 0.12 90)');
      blob(0.2, 1.05, 0.6, 0.45, `oklch(55% 0.09 ${hue + 120})`);
      blob(0.8, 1.1, 0.5, 0.4, `oklch(42% 0.08 ${hue + 140})`);
      return canvas;
    },
    { hue, width, height },
  );
  return { name: `scene-${hue}.jpg`, mimeType: 'image/jpeg', buffer };
}

async function painted<T>(page: Page, paint: (of: T) => OffscreenCanvas, of: T): Promise<Buffer> {
  const words = await page.evaluate(`(async () => {
    const file = await (${paint.toString()})(${JSON.stringify(of)}).convertToBlob({ type: 'image/jpeg', quality: 0.95 });
    return [...new Uint8Array(await file.arrayBuffer())];
  })()`);
  return Buffer.from(words as number[]);
}

/** Sends a picture over the API and waits until it is shown. */
export async function give(server: Server, path: string, picture: Picture, token: string): Promise<void> {
  const { avatar } = await server.put<{ avatar: string }>(`${path}/avatar`, picture, token);
  await expect(async () =>
    expect((await server.call<{ avatar: string }>('GET', path, undefined, token)).avatar).toBe(avatar),
  ).toPass();
}

/** Returns `red`, `blue` or neither for a place (parts of width and height) of a canvas or a picture. */
export async function colourAt(place: Locator, u: number, v: number): Promise<string> {
  return place.evaluate(
    async (element: HTMLCanvasElement | HTMLImageElement, [u, v]) => {
      if (element instanceof HTMLImageElement) await element.decode();
      const { width, height } = await createImageBitmap(element);
      const context = new OffscreenCanvas(width, height).getContext('2d') as OffscreenCanvasRenderingContext2D;
      context.drawImage(element, 0, 0, width, height);
      const [red = 0, green = 0, blue = 0] = context.getImageData(u * width, v * height, 1, 1).data;
      if (red > 200 && green + blue < 80) return 'red';
      return blue > 200 && red + green < 80 ? 'blue' : `${red} ${green} ${blue}`;
    },
    [u, v] as const,
  );
}
