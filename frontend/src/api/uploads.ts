/** Uploads by the protocol tus 1.0: one is created, then sent piece by piece, from where the server has it. */
import { request } from './http';
import type { UploadView } from './types';
import { transfer, type Way } from './upload';

/** The bytes of one request: the server counts so many at once, and a break costs no more. */
const PIECE = 5 * 1024 * 1024;
const TUS = { 'tus-resumable': '1.0.0' };

/** What the server is to make of the bytes: `file` stays as it is. */
export type Wish = 'photo' | 'video' | 'voice' | 'file';

interface Wanted {
  /** By it the server knows a repeat. */
  key: string;
  name: string;
  type: string;
  size: number;
  as: Wish;
  chatId: number;
}

/** Creates an upload, or finds the one that was created with the same key; returns its id. */
export async function createUpload(
  { key, name, type, size, as, chatId }: Wanted,
  signal: AbortSignal,
): Promise<number> {
  const told = { filename: name, filetype: type, as, chat: String(chatId), key };
  const metadata = Object.entries(told).filter(([, value]) => value);
  const headers = {
    ...TUS,
    'upload-length': String(size),
    'upload-metadata': metadata.map(([word, value]) => `${word} ${base64(value)}`).join(','),
  };
  const way = { onPart: () => undefined, signal };
  const answer = await transfer({ method: 'POST', path: '/uploads', headers }, way);
  return Number(/\d+$/.exec(answer.getResponseHeader('location') ?? '')?.[0]);
}

/** Returns how far an upload is: what HEAD says, and its file; waits up to `wait` seconds for its end. */
export const lookAtUpload = (id: number, wait = 0): Promise<UploadView> =>
  request('GET', `/uploads/${id}`, { query: { wait }, headers: TUS });

/** Sends the bytes of an upload from `from` on; `onSent` receives how many the server has. */
export async function sendRest(
  id: number,
  bytes: Blob,
  from: number,
  { onSent, signal }: { onSent: (sent: number) => void; signal: AbortSignal },
): Promise<void> {
  for (let at = from; at < bytes.size; ) {
    const start = at;
    const piece = bytes.slice(start, start + PIECE);
    const way: Way = { onPart: (part) => onSent(start + Math.round(part * piece.size)), signal };
    const headers = { ...TUS, 'upload-offset': String(start), 'content-type': 'application/offset+octet-stream' };
    const answer = await transfer({ method: 'PATCH', path: `/uploads/${id}`, headers, body: piece }, way);
    at = Number(answer.getResponseHeader('upload-offset') ?? start + piece.size);
    onSent(at);
  }
}

export const endUpload = (id: number): Promise<void> => request('DELETE', `/uploads/${id}`, { headers: TUS });
export const deleteFile = (id: number): Promise<void> => request('DELETE', `/files/${id}`);

/** Returns a text of any alphabet as base64 of its UTF-8. */
const base64 = (text: string): string => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
