/** The fate of a sent picture: shown, refused, or neither for now. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { EventFrame, UserRead } from '../api/types';
import { apply } from '../store/apply';
import { me } from '../store/session';
import { setAvatar } from './avatars';

const ANN: UserRead = {
  id: 7,
  name: 'Ann',
  email: 'ann@example.org',
  role: 'member',
  created_at: '',
  rev: 1,
  avatar: null,
};
const PICTURE = new Blob(['picture'], { type: 'image/webp' });

let parts: number[];

/** The browser's part: it sends half, then all, and the server accepts it. */
class Request {
  upload: { onprogress?: (event: { loaded: number; total: number }) => void } = {};
  response = { avatar: 'key' };
  status = 202;
  onload?: () => void;
  onabort?: () => void;
  open = (): void => undefined;
  setRequestHeader = (): void => undefined;
  abort = (): void => this.onabort?.();
  send(file: Blob): void {
    for (const loaded of [file.size / 2, file.size]) this.upload.onprogress?.({ loaded, total: file.size });
    queueMicrotask(() => this.onload?.());
  }
}

beforeEach(() => {
  parts = [];
  vi.useFakeTimers();
  vi.stubGlobal('XMLHttpRequest', Request);
  vi.stubGlobal('document', { documentElement: { lang: 'en' } });
  vi.stubGlobal('fetch', async () => Response.json({ status: 401 }, { status: 401 }));
  me.value = ANN;
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const event = (type: string, data: unknown): void =>
  apply({ type, topic: 'user:7', ev: 1, at: '', data } as EventFrame);
const send = (signal = new AbortController().signal) =>
  setAvatar('me', PICTURE, { onPart: (part) => parts.push(part), signal });

it('is shown when the change arrives, before or after the answer', async () => {
  const sent = send();
  await vi.advanceTimersByTimeAsync(1000);
  event('user.changed', { user: { ...ANN, rev: 2, avatar: 'key' } });
  expect(await sent).toBe(true);
  expect(await send()).toBe(true);
  expect(parts).toEqual([0.5, 1, 0.5, 1]);
});

it('is not waited for longer than 15 s', async () => {
  const sent = send();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(await sent).toBe(false);
});

it('is refused in words', async () => {
  const sent = expect(send()).rejects.toMatchObject({ status: 422, message: /could not use/ });
  await vi.advanceTimersByTimeAsync(1000);
  event('avatar.failed', { avatar: 'key', kind: 'user', id: 7, code: 'image.broken' });
  await sent;
});

it('is given up without being sent when that was asked for before', async () => {
  await expect(send(AbortSignal.abort())).rejects.toMatchObject({ status: 0, code: 'network' });
  expect(parts).toEqual([]);
});
