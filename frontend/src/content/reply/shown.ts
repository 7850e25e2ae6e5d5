/** A message that is shown outside of its window: loaded if this device does not hold it, and updated from then on. */
import { useEffect } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { putAside, shownMessage } from '../../store/aside';
import { fetchMessage } from '../../sync';

export function useMessage(chatId: number, seq: number | null): MessageView | null {
  const message = seq ? shownMessage(chatId, seq) : null;
  const missing = message ? null : seq;
  useEffect(() => {
    if (missing) void fetchMessage(chatId, missing).then(putAside, () => undefined);
  }, [chatId, missing]);
  return message;
}
