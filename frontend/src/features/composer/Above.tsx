/** The strip above the field: which message is answered or edited, and the way out of it. */
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
