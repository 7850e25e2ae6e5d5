/** Deletions that can be taken back for ten seconds; a page that is closed meanwhile deletes at once. */
import { request } from '../api/http';
import type { Problem } from '../api/problem';
import type { MessageView } from '../api/types';
import { placeOf, removing } from '../store/messages';

const UNDO_MS = 10_000;
/** The event of a deletion may come a little after its answer: the words must not flash up in between. */
const EVENT_MS = 2000;

const waiting = new Map<string, { message: MessageView; timer: ReturnType<typeof setTimeout> }>();

/** Hide a message now and delete it in ten seconds; answers how to take that back. */
export function removeSoon(message: MessageView, onFailed: (error: Problem) => void): () => void {
  const place = placeOf(message);
  const timer = setTimeout(() => {
    waiting.delete(place);
    remove(message, false).then(
      () => setTimeout(() => show(place), EVENT_MS),
      (error: Problem) => {
        show(place);
        onFailed(error);
      },
    );
  }, UNDO_MS);
  waiting.set(place, { message, timer });
  removing.value = new Set(removing.value).add(place);
  return () => {
    clearTimeout(timer);
    waiting.delete(place);
    show(place);
  };
}

function show(place: string): void {
  removing.value = new Set([...removing.value].filter((one) => one !== place));
}

const remove = ({ chat_id, seq }: MessageView, keepalive: boolean): Promise<void> =>
  request('DELETE', `/chats/${chat_id}/messages/${seq}`, { keepalive });

export function start(): void {
  addEventListener('pagehide', () => {
    for (const { message, timer } of waiting.values()) {
      clearTimeout(timer);
      void remove(message, true).catch(() => {});
    }
    waiting.clear();
  });
}
