/** Verbs of files for the screens. */
import { request } from '../../api/http';
import type { StorageView } from '../../api/types';
import { uuid } from '../../lib/browser';
import { normalise } from '../../lib/markup';
import { type Draft, setDraft } from '../../store/drafts';
import { type Chosen, filesMax } from '../../store/mine/tray';
import type { Attached, Item } from '../../store/outbox';
import { type Enclosed, queue } from '../outbox';
import { bytesOf } from './bytes';

/** Sends files with the draft as their caption; more than one message holds go out as several. */
export async function sendFiles(
  chatId: number,
  { text, replyTo, later }: Draft,
  mentions: readonly number[],
  files: readonly Chosen[],
): Promise<void> {
  // The browser may delete what it keeps only for a page that did not ask.
  void navigator.storage?.persist?.().catch(() => false);
  const most = filesMax();
  const groups = Array.from({ length: Math.ceil(files.length / most) }, (_, group) =>
    files.slice(group * most, (group + 1) * most),
  );
  const first = { text: normalise(text), reply_to: replyTo, mentions };
  setDraft(chatId, later);
  // All sizes before the first message: in the order of the tray.
  const enclosed = await Promise.all(groups.map(enclosedIn));
  const kept = enclosed.map((group, place) => {
    const words = place ? { text: '', reply_to: null, mentions: [] } : first;
    return queue('message.send', { chat_id: chatId, client_msg_id: uuid(), ...words }, group);
  });
  await Promise.all(kept);
}

const enclosedIn = async (files: readonly Chosen[]): Promise<Enclosed> => ({
  files: await Promise.all(files.map(attached)),
  bytes: files.map(({ file }) => file.slice(0, file.size, file.type)),
});

async function attached({ file, alt, isShown }: Chosen): Promise<Attached> {
  const { name, type, size } = file;
  const begun = { state: 'kept', sent: 0, upload: null, file: null, reason: '' } as const;
  return { key: uuid(), name, type, size, alt, ...(isShown && { photo: await sizeOf(file) }), ...begun };
}

/** Loads what finds the sizes of pictures. */
export const measures = () => import('./uploads');

/** Returns the size of a picture, if this browser can show it and has the code for that. */
const sizeOf = (file: File): Promise<NonNullable<Attached['photo']>> =>
  measures()
    .then(({ measured }) => measured(file))
    .catch(() => null)
    .then((size) => size ?? 'unseen');

/** Returns the files of an item as they were chosen, those that can still be read. */
export async function chosenOf({ cmid, files = [] }: Item): Promise<Chosen[]> {
  const all = files.map(async ({ key, name, type, alt, photo }, place): Promise<Chosen[]> => {
    const bytes = await bytesOf(cmid, place);
    return bytes ? [{ key, file: new File([bytes], name, { type }), alt, isShown: photo !== undefined }] : [];
  });
  return (await Promise.all(all)).flat();
}

export const myStorage = (): Promise<StorageView> => request('GET', '/users/me/storage');
