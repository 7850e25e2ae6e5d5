/** Sends the files of waiting messages to the server, loaded when there are some: two at once, in the leading tab. */
import { request } from '../../api/http';
import { isPassing, Problem } from '../../api/problem';
import type { UploadView } from '../../api/types';
import { createUpload, deleteFile, endUpload, lookAtUpload, sendRest, type Wish } from '../../api/uploads';
import { t } from '../../i18n/screens/tray';
import { uuid } from '../../lib/browser';
import { kindOfPicture } from '../../lib/media/moving';
import { shrunk } from '../../lib/media/pictures';
import { retry } from '../../lib/retry';
import { type Attached, type Item, itemsOf } from '../../store/outbox';
import { server } from '../../store/session';
import { keepSmaller, readSmaller } from '../cache';
import { leads } from '../line/tabs';
import { lineBack } from '../line/waker';
import { noteFile, WAITS } from '../outbox';
import { bytesOf } from './bytes';

export { measured } from '../../lib/media/measure';

const AT_ONCE = 2;
/** The time that the server waits with an answer for the end of an upload, s: shorter than a request may last. */
const WAIT_S = 15;
/** The time between two notes of progress, ms. */
const NOTED_MS = 200;
/** The codes of an upload that the server no longer has: the file begins anew. */
const GONE = new Set(['upload.not_found', 'upload.expired']);

/** A file of an item, by its place. */
interface Place {
  cmid: string;
  place: number;
}

const running = new Map<string, AbortController>();
const nameOf = ({ cmid, place }: Place): string => `${cmid}/${place}`;

/** Returns a file that has to be sent, with its chat; `undefined` if it was sent, refused or taken back. */
function wanted({ cmid, place }: Place): { file: Attached; chatId: number } | undefined {
  const item = itemsOf('message.send').find((one) => one.cmid === cmid);
  const file = item?.files?.[place];
  const isOpen = item?.state === 'queued' && file && file.state !== 'ready' && file.state !== 'failed';
  return isOpen ? { file, chatId: item.data.chat_id } : undefined;
}

const places = (): Place[] =>
  itemsOf('message.send').flatMap(({ cmid, files = [] }) => files.map((_, place) => ({ cmid, place })));

/** Begins the uploads that wait, as many as may run, and ends those whose message was taken back. */
export function proceed(): void {
  const all = leads() ? places().filter(wanted) : [];
  const names = new Set(all.map(nameOf));
  for (const [name, ending] of running) if (!names.has(name)) ending.abort();
  let busy = all.filter((one) => running.has(nameOf(one)) && wanted(one)?.file.state !== 'making').length;
  for (const one of all) {
    if (running.has(nameOf(one)) || busy >= AT_ONCE) continue;
    busy += 1;
    void run(one);
  }
}

/** Sends a file, again and again until the answer is definite. */
async function run(one: Place): Promise<void> {
  const ending = new AbortController();
  running.set(nameOf(one), ending);
  const isWanted = (): boolean => !ending.signal.aborted && leads() && wanted(one) !== undefined;
  const mayHelp = (error: unknown): boolean =>
    isPassing(error) || (error instanceof Problem && (GONE.has(error.code) || error.code === 'upload.moved'));
  const onFailed = (error: unknown): void => {
    if (isWanted()) noteFailure(one, error);
  };
  try {
    const plan = { waits: WAITS, waker: lineBack, isWanted, isPassing: mayHelp, onFailed };
    await retry(() => advance(one, ending.signal), plan);
  } catch (error) {
    const file = wanted(one)?.file;
    if (file) await noteFile(one.cmid, one.place, { state: 'failed', reason: await reasonOf(error, file) });
  } finally {
    running.delete(nameOf(one));
    proceed();
  }
}

/** Notes what a failed try has shown: the upload is gone, or the server has no room now. */
function noteFailure({ cmid, place }: Place, error: unknown): void {
  if (!(error instanceof Problem)) return;
  if (GONE.has(error.code)) void noteFile(cmid, place, { state: 'kept', upload: null, sent: 0, key: uuid() });
  else if (error.code === 'server.no_space') void noteFile(cmid, place, { reason: error.message }, false);
}

/** Brings a file from where it is to its end at the server. Throws `Problem`. */
async function advance(one: Place, signal: AbortSignal): Promise<void> {
  const found = wanted(one);
  if (!found) return;
  const { cmid, place } = one;
  const bytes = await sentBytes(one, found.file);
  // A photo that became smaller has another key.
  const { key, name, type, upload } = wanted(one)?.file ?? found.file;
  const { size } = bytes;
  const told = { key, name, type, size, as: wishOf(found.file), chatId: found.chatId };
  const id = upload ?? (await createUpload(told, signal));
  // Before the first byte: a later page goes on with this upload.
  if (id !== upload) await noteFile(cmid, place, { upload: id });
  const seen = await lookAtUpload(id);
  if (seen.state === 'open') {
    await noteFile(cmid, place, { state: 'uploading', sent: seen.taken, reason: '' });
    await sendRest(id, bytes, seen.taken, { onSent: noted(one), signal });
  }
  if (seen.state !== 'done') await noteFile(cmid, place, { state: 'making', sent: size });
  await settle(one, await endOf(id));
}

/** Returns what the server is to make of a file. */
function wishOf(file: Attached): Wish {
  if (file.photo === undefined) return file.voice ? 'voice' : 'file';
  return kindOfPicture(file) === 'video' ? 'video' : 'photo';
}

/**
 * Returns the bytes of a file as they are sent: of a large photo smaller ones, which are kept, so that a later page
 * goes on with the same. Throws `Problem` if they are lost.
 */
async function sentBytes({ cmid, place }: Place, file: Attached): Promise<Blob> {
  const { photo, isShrunk, upload } = file;
  const bytes = isShrunk ? await readSmaller(cmid, place) : await bytesOf(cmid, place);
  if (!bytes || !(await isReadable(bytes))) throw new Problem({ status: 400, detail: t().fileUnread });
  // What moves would be a still one.
  if (!photo || photo === 'unseen' || kindOfPicture(file) !== 'photo' || isShrunk || upload) return bytes;
  await noteFile(cmid, place, { state: 'shrinking' }, false);
  const smaller = await shrunk(bytes, photo);
  if (!smaller || !(await keepSmaller(cmid, place, smaller))) return bytes;
  await noteFile(cmid, place, { isShrunk: true, size: smaller.size, key: uuid() });
  return smaller;
}

/** Returns a function that notes progress, not more often than it can be seen. */
function noted({ cmid, place }: Place): (sent: number) => void {
  let at = 0;
  return (sent) => {
    if (Date.now() - at < NOTED_MS) return;
    at = Date.now();
    void noteFile(cmid, place, { sent }, false);
  };
}

/** Waits until the server has made a file of an upload, or refused it. */
async function endOf(id: number): Promise<UploadView> {
  let view = await lookAtUpload(id, WAIT_S);
  while (view.state === 'full') view = await lookAtUpload(id, WAIT_S);
  // Not all bytes have arrived: the next try sends the rest.
  if (view.state === 'open') throw new Problem({});
  return view;
}

async function settle({ cmid, place }: Place, { file, error }: UploadView): Promise<void> {
  const reasons: Record<string, string> = { 'file.infected': t().fileInfected, 'file.unscanned': t().fileUnscanned };
  if (!file) throw new Problem({ status: 410, code: error ?? '', detail: reasons[error ?? ''] ?? t().fileRefused });
  await noteFile(cmid, place, { state: 'ready', file: file.id, sent: file.size, reason: '' });
}

/** Says whether bytes can be read: a chosen file may have been changed or deleted since. */
const isReadable = (bytes: Blob): Promise<boolean> =>
  bytes
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );

/** Returns a refusal in words, with its figures. */
async function reasonOf(error: unknown, { size }: Attached): Promise<string> {
  if (!(error instanceof Problem)) return String(error);
  const most = server.value?.limits.file_max_bytes;
  if (error.code === 'file.too_large' && most) return t().fileTooLarge(size, most);
  if (error.code !== 'file.quota_exceeded') return error.message;
  const storage = await request('GET', '/users/me/storage').catch(() => null);
  if (!storage) return error.message;
  return t().fileNoRoom(size, Math.max(0, storage.quota - storage.used - storage.reserved));
}

/** Deletes at the server what it has of an item that was taken back; what it misses now it deletes by itself later. */
export async function discard({ files = [] }: Item): Promise<void> {
  const gone = files.map(({ file, upload }) => (file ? deleteFile(file) : upload ? endUpload(upload) : undefined));
  await Promise.allSettled(gone);
}
