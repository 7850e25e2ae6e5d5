/** A message that is shown outside of its window: loaded if this device does not hold it, and updated from then on. */
import { useEffect, useMemo } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { putAside, shownMessage } from '../../store/aside';
import { computed } from '../../store/signal';
import { fetchMessage } from '../../sync';

export function useMessage(chatId: number, seq: number | null): MessageView | null {
  const { value: message } = useMemo(() => computed(() => (seq ? shownMessage(chatId, seq) : null)), [chatId, seq]);
  const missing = message ? null : seq;
  useEffect(() => {
    if (missing) void fetchMessage(chatId, missing).then(putAside, () => undefined);
  }, [chatId, missing]);
  return message;
}
