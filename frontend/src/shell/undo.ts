/** Results of outbox items: a deletion can be undone for a while, also after a reload; a refusal is shown. */
import { useEffect } from 'preact/hooks';
import { t } from '../i18n';
import { itemsOf } from '../store/outbox';
import { onRefused, withdraw } from '../sync';
import { toast } from '../ui/Toast';

/** Deletions within so many ms are deleted, and undone, together. */
const TOGETHER_MS = 1000;

export function useUndo(): void {
  const queued = itemsOf('messages.delete').filter((one) => one.state === 'queued');
  const { cmid = '', notBefore = 0 } = queued.at(-1) ?? {};
  // biome-ignore lint/correctness/useExhaustiveDependencies: the last one of those that were asked for together says when
  useEffect(() => {
    const left = notBefore - Date.now();
    if (!cmid || left <= 0) return;
    const together = queued.filter((one) => notBefore - (one.notBefore ?? 0) < TOGETHER_MS);
    const undo = (): void => {
      for (const one of together) withdraw(one.cmid);
    };
    const count = together.reduce((sum, one) => sum + one.data.seqs.length, 0);
    toast(t().removed(count), { label: t().undo, run: undo }, left);
  }, [cmid, notBefore]);
  useEffect(() => onRefused((reason) => toast(reason)), []);
}
