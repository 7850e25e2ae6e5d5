/** Asks before an act that cannot be undone. */
import { useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import { t } from '../../i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { told } from '../../ui/Toast';
import css from './Dialogs.module.css';

export function Ask({ thing, onClose }: DialogProps<'ask'>) {
  const [isBusy, setBusy] = useState(false);
  const run = async (): Promise<void> => {
    setBusy(true);
    await thing.run().then(onClose, told);
    setBusy(false);
  };
  return (
    <Dialog title={thing.label} words={thing.words} onClose={onClose}>
      <div class={css.actions}>
        <Button kind="danger" busy={isBusy} onClick={() => void run()}>
          {thing.label}
        </Button>
        <Button onClick={onClose}>{t().cancel}</Button>
      </div>
    </Dialog>
  );
}
