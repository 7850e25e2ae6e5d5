/** Recordings that programs send, and the players and recorders of pages. */
import type { Locator, Page } from '@playwright/test';
import { LATER } from './sending';
import { say } from './talk';
import { expect, type Server } from './world';

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

/**
 * Begins a sound that is at its beginning, and waits until it has gone on. The page itself notes that: a short sound is
 * at its beginning again after its end, maybe before the first look.
 */
export async function plays(page: Page, begin: () => Promise<void>): Promise<void> {
  const sound = await page.evaluateHandle(() => {
    const sound = { hasGoneOn: false };
    const note = (): void => {
      const sliders = [...document.querySelectorAll<HTMLInputElement>('[role=group] input[type=range]')];
      sound.hasGoneOn ||= sliders.some(({ value }) => Number(value) > 0);
    };
    // Each step of a sound changes the style of its waveform.
    new MutationObserver(note).observe(document.body, { subtree: true, attributes: true });
    return sound;
  });
  await begin();
  await expect.poll(() => sound.evaluate(({ hasGoneOn }) => hasGoneOn), LATER).toBe(true);
}

/** Plays a recording of this browser, which reads its bytes first. */
export async function listen(place: Locator): Promise<void> {
  const button = place.getByRole('button', { name: /^Play/ });
  await expect(button).toHaveAttribute('aria-busy', 'false', LATER);
  await plays(place.page(), () => button.click());
}

/** Returns the number of parts of recordings that the browser keeps. */
export const keptParts = (page: Page): Promise<number> =>
  page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const opening = indexedDB.open('web-messenger');
        opening.onsuccess = () => {
          const asked = opening.result.transaction('recordings').objectStore('recordings').count();
          asked.onsuccess = () => {
            opening.result.close();
            resolve(asked.result);
          };
        };
      }),
  );

/** Returns the length of the recording that a chat offers, s. */
export async function recorded(page: Page): Promise<number> {
  const text = await page.getByText(/^Recording of .*, not sent yet$/).textContent();
  const [, minutes, seconds] = /(\d+):(\d\d)/.exec(text ?? '') ?? [];
  return 60 * Number(minutes) + Number(seconds);
}

/** Returns a finger that rests on the button that records. */
export async function microphone(page: Page) {
  const session = await page.context().newCDPSession(page);
  let from = { x: 0, y: 0 };
  const press = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: { x: number; y: number }[]) =>
    session.send('Input.dispatchTouchEvent', { type, touchPoints });
  return {
    down: async (): Promise<void> => {
      const button = page.getByRole('button', { name: 'Record a voice message' });
      await button.waitFor();
      const { x, y, width, height } = (await button.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
      from = { x: x + width / 2, y: y + height / 2 };
      await press('touchStart', [from]);
    },
    move: (x: number, y: number) => press('touchMove', [{ x: from.x + x, y: from.y + y }]),
    up: () => press('touchEnd', []),
  };
}

/** Shows a voice message that plays, and the states of the recorder, to `visit(name)`. */
export async function voiceScreens(
  page: Page,
  server: Server,
  author: { token: string },
  chat: number,
  visit: (name: string) => Promise<void>,
): Promise<void> {
  await sendTone(server, author, chat, 42);
  await page.goto(`/chat/${chat}`);
  const live = (phase: string) => page.locator(`[data-recorder=${phase}]`);
  const record = page.getByRole('button', { name: /^(Record a voice message|Записать голосовое сообщение)$/ });
  await players(page).last().getByRole('button').first().click();
  await players(page)
    .getByRole('button', { name: /^(Speed|Скорость)/ })
    .waitFor();
  await visit('voice');
  await page.evaluate(() => {
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = async () => {
      MediaDevices.prototype.getUserMedia = getUserMedia;
      throw new DOMException('', 'NotAllowedError');
    };
  });
  await record.click();
  await live('refused').waitFor();
  await visit('recorder-refused');
  await page.locator('[data-main]').click();
  await live('recording').waitFor();
  await expect.poll(() => keptParts(page), LATER).toBeGreaterThan(1);
  await visit('recorder');
  await page.locator('[data-main]').click();
  await live('paused').waitFor();
  await visit('recorder-paused');
  await page.reload();
  await page.getByRole('group', { name: /^(Recording of|Запись) \d/ }).waitFor();
  await visit('recorder-offer');
}
