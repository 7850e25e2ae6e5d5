/** What became of things asked for: a deletion can be taken back for a while, also after the page loaded itself anew; a refusal is said. */
import { useEffect } from 'preact/hooks';
import { t } from '../i18n';
import { itemsOf } from '../store/outbox';
import { onRefused, withdraw } from '../sync';
import { toast } from '../ui/Toast';

export function useUndo(): void {
  const last = itemsOf('message.delete').findLast((one) => one.state === 'queued');
  const { cmid = '', notBefore = 0 } = last ?? {};
  useEffect(() => {
    const left = notBefore - Date.now();
    if (cmid && left > 0) toast(t().removed, { label: t().undo, run: () => withdraw(cmid) }, left);
  }, [cmid, notBefore]);
  useEffect(() => onRefused((reason) => toast(reason)), []);
}
