/** Films and animated pictures, made as cameras and programs make them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Locator, Page } from '@playwright/test';
import { PYTHON, ROOT } from './forked';
import { type Picture, scene } from './pictures';
import type { Server } from './server';

/** Runs Python beside the tests of the server; returns the bytes that it writes. */
async function made(words: string): Promise<Buffer> {
  const options = { cwd: join(ROOT, 'backend'), encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const;
  const { stdout } = await promisify(execFile)(PYTHON, ['-c', `import sys\n${words}`], options);
  return stdout;
}

/** Returns a film of a phone, or (`webm`) one with codecs that the server does not copy. */
export async function film(seconds: number, width = 640, height = 360, kind: 'mov' | 'webm' = 'mov'): Promise<Picture> {
  const camera = kind === 'webm' ? ', Camera("webm", "libvpx", "libopus")' : '';
  const buffer = await made(
    `from tests.recordings import Camera, film\nsys.stdout.buffer.write(film(${seconds}, (${width}, ${height})${camera}))`,
  );
  return { name: `film.${kind}`, mimeType: kind === 'webm' ? 'video/webm' : 'video/quicktime', buffer };
}

/** Returns a GIF of ten frames that goes on for ever. */
export async function animation(width = 320, height = 240): Promise<Picture> {
  const buffer = await made(
    [
      'from PIL import Image',
      `all = [Image.new("RGB", (${width}, ${height}), (25 * n, 80, 200 - 15 * n)) for n in range(10)]`,
      'all[0].save(sys.stdout.buffer, "GIF", save_all=True, append_images=all[1:], duration=100, loop=0)',
    ].join('\n'),
  );
  return { name: 'waves.gif', mimeType: 'image/gif', buffer };
}

interface State {
  /** Its time, s. */
  at: number;
  /** Whether it is halted before its end. */
  isHalted: boolean;
  hasEnded: boolean;
  /** Its width, px. */
  width: number;
}

/** Returns the state of a film. */
export const stateOf = (video: Locator): Promise<State> =>
  video.evaluate((one) => {
    const { currentTime: at, paused, ended: hasEnded, videoWidth: width } = one as HTMLVideoElement;
    return { at, isHalted: paused && !hasEnded, hasEnded, width };
  });

/** Uploads three photos, a film and an animated picture of a person; returns them as files of a message. */
export async function memories(server: Server, page: Page, token: string): Promise<{ id: number; alt: string }[]> {
  const photos = [
    await scene(page, 20, 1600, 1200),
    await scene(page, 110, 900, 1200),
    await scene(page, 230, 1200, 900),
  ];
  const files = [];
  for (const { name, buffer, mimeType } of [...photos, await film(5), await animation()]) {
    const as = mimeType.startsWith('video') ? 'video' : 'photo';
    files.push({ id: await server.upload(buffer, { filename: name, filetype: mimeType, as }, token), alt: '' });
  }
  return files;
}
