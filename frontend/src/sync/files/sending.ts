/** Verbs of files for the screens. */
import { request } from '../../api/http';
import type { StorageView } from '../../api/types';
import { uuid } from '../../lib/browser';
import { normalise } from '../../lib/markup';
import { type Draft, setDraft } from '../../store/drafts';
import { type Chosen, filesMax } from '../../store/mine/tray';
import type { Item } from '../../store/outbox';
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
  const kept = groups.map((group, place) => {
    const words = place ? { text: '', reply_to: null, mentions: [] } : first;
    return queue('message.send', { chat_id: chatId, client_msg_id: uuid(), ...words }, enclosedIn(group));
  });
  setDraft(chatId, later);
  await Promise.all(kept);
}

const enclosedIn = (files: readonly Chosen[]): Enclosed => ({
  files: files.map(({ file: { name, type, size }, alt }) => {
    const begun = { state: 'kept', sent: 0, upload: null, file: null, reason: '' } as const;
    return { key: uuid(), name, type, size, alt, ...begun };
  }),
  bytes: files.map(({ file }) => file.slice()),
});

/** Returns the files of an item as they were chosen, those that can still be read. */
export async function chosenOf({ cmid, files = [] }: Item): Promise<Chosen[]> {
  const all = files.map(async ({ key, name, type, alt }, place): Promise<Chosen[]> => {
    const bytes = await bytesOf(cmid, place);
    return bytes ? [{ key, file: new File([bytes], name, { type }), alt }] : [];
  });
  return (await Promise.all(all)).flat();
}

export const myStorage = (): Promise<StorageView> => request('GET', '/users/me/storage');
