/** Recordings that programs send, and the players and recorders of pages. */
import type { Page } from '@playwright/test';
import { say } from './talk';
import type { Server } from './world';

const RATE = 8000;

/** Returns a tone of so many seconds as WAV, louder at its end. */
export function tone(seconds: number): Buffer {
  const count = Math.round(seconds * RATE);
  const wav = Buffer.alloc(44 + 2 * count);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(36 + 2 * count, 4);
  wav.write('WAVEfmt ', 8);
  for (const [at, value] of [
    [16, 16],
    [24, RATE],
    [28, 2 * RATE],
    [40, 2 * count],
  ] as const)
    wav.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    wav.writeUInt16LE(value, at);
  wav.write('data', 36);
  for (let n = 0; n < count; n += 1)
    wav.writeInt16LE(
      Math.round(12_000 * (0.2 + (0.8 * n) / count) * Math.sin((2 * Math.PI * 440 * n) / RATE)),
      44 + 2 * n,
    );
  return wav;
}

/** Sends a voice message as a program would. */
export async function sendTone(server: Server, who: { token: string }, chat: number, seconds: number) {
  const id = await server.upload(tone(seconds), { filename: 'voice.wav', as: 'voice' }, who.token);
  return say(server, who, chat, '', { files: [{ id }] });
}

/** Returns the players of the page, in the order of their messages. */
export const players = (page: Page) => page.locator('article').getByRole('group', { name: /^(Voice|Голосовое)/ });
