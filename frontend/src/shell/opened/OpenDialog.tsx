/** The open dialog: a loading one takes the keys already, so that nothing is typed behind it. */
import type { Context } from '../../acts/act';
import { t } from '../../i18n';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { type Dialogue, loadOf } from '../dialogs';
import css from './Dialogs.module.css';
import { useLoaded } from './loaded';

interface Props {
  thing: Dialogue;
  context: Context;
  onClose: () => void;
}

export function OpenDialog({ thing, context, onClose }: Props) {
  const { part: View, isFailed, retry } = useLoaded(loadOf(thing));
  if (View) return <View thing={thing} context={context} onClose={onClose} />;
  return (
    <Dialog title={isFailed ? t().loadFailed : t().loading} onClose={onClose}>
      {isFailed ? (
        <div class={css.actions}>
          <p role="alert">{t().noNetwork}</p>
          <Button kind="primary" onClick={retry}>
            {t().tryAgain}
          </Button>
        </div>
      ) : (
        <p class={css.waiting} role="status" aria-busy="true">
          {t().loading}
        </p>
      )}
    </Dialog>
  );
}
