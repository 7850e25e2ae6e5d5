/** The strip above the field: the message that is answered or edited, and the button to cancel. */
import { preview } from '../../content/preview';
import { t } from '../../i18n';
import { IconButton } from '../../ui/Button';
import css from './Composer.module.css';
import type { Words } from './words';

export function Above({ title, message, leave }: NonNullable<Words['above']>) {
  return (
    <div class={css.above}>
      <div>
        <b>{title}</b>
        <span>{message ? preview(message) : ''}</span>
      </div>
      <IconButton icon="close" label={t().cancel} onClick={leave} />
    </div>
  );
}
