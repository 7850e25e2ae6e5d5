/** The strip above the field: the message that is answered or edited, the button to cancel, and other words for it. */
import { preview } from '../../content/preview';
import { t } from '../../i18n';
import { Button, IconButton } from '../../ui/Button';
import css from './Composer.module.css';
import type { Words } from './words';

/** `onChosen` takes the focus: the pressed button is gone. */
type Props = NonNullable<Words['above']> & { onChosen: () => void };

export function Above({ title, message, leave, clash, onChosen }: Props) {
  const choose = (choice: () => void) => () => {
    choice();
    onChosen();
  };
  return (
    <>
      <div class={css.above}>
        <div>
          <b>{title}</b>
          <span>{message ? preview(message) : ''}</span>
        </div>
        <IconButton icon="close" label={t().cancel} onClick={leave} />
      </div>
      {clash && (
        <div class={css.clash} role="alert">
          <p>{t().editClash}</p>
          <blockquote dir="auto">{clash.text}</blockquote>
          <Button onClick={choose(clash.keep)}>{t().editKeepMine}</Button>
          <Button onClick={choose(clash.take)}>{t().editTakeOther}</Button>
        </div>
      )}
    </>
  );
}
