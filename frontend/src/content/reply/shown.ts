/** A message that is shown beside its window: loaded where nobody has it, and followed from then on. */
import { useEffect } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { putAside, shownMessage } from '../../store/aside';
import { fetchMessage } from '../../sync';

export function useMessage(chatId: number, seq: number | null): MessageView | null {
  const message = seq ? shownMessage(chatId, seq) : null;
  useEffect(() => {
    if (seq && !message) void fetchMessage(chatId, seq).then(putAside, () => undefined);
  }, [chatId, seq, Boolean(message)]);
  return message;
}
