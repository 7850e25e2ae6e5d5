/** The descriptions of the files of a message, which its author may change while it may be edited. */
import { useEffect, useState } from 'preact/hooks';
import type { FileOfMessage } from '../../../api/types';
import { t } from '../../../i18n/screens/details';
import { clipMarks } from '../../../lib/characters';
import { describe, Problem } from '../../../sync';
import { Button } from '../../../ui/Button';
import { Dialog } from '../../../ui/Dialog';
import { Field } from '../../../ui/Field';
import { Icon } from '../../../ui/Icon';
import { told } from '../../../ui/Toast';
import { useMessage } from '../../reply/shown';
import type { ThingProps } from '../../things';
import { filesOf, iconOf, isPicture, nameOfPicture } from '../files';
import css from './Alts.module.css';

/** The longest description that the server takes. */
const ALT_MAX = 1024;
/** The variants that are small enough to be looked at here. */
const SMALL = new Set(['s', 'poster']);

export function Alts({ thing, onClose }: ThingProps<'alts'>) {
  const message = useMessage(thing.message.chat_id, thing.message.seq) ?? thing.message;
  const isGone = message.deleted_at !== null;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  const files = filesOf(message);
  const [alts, setAlts] = useState(() => files.map(({ alt }) => alt ?? ''));
  const [isChanged, setChanged] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const save = async (): Promise<void> => {
    setBusy(true);
    try {
      await describe(message, alts);
      onClose();
    } catch (error) {
      if (error instanceof Problem && error.status === 412) setChanged(true);
      else told(error as Error);
      setBusy(false);
    }
  };
  return (
    <Dialog title={t().altsTitle} onClose={onClose}>
      <form
        class={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <p class={css.hint}>{t().altsHint}</p>
        <ul class={css.list}>
          {files.map((file, place) => (
            <li key={file.id} class={css.row}>
              <Face file={file} />
              <Field
                label={isPicture(file) ? nameOfPicture(file, place + 1, files.length) : clipMarks(file.name)}
                value={alts[place] ?? ''}
                onValue={(alt) => setAlts(alts.with(place, alt))}
                maxLength={ALT_MAX}
                autoComplete="off"
                autoFocus={place === 0}
              />
            </li>
          ))}
        </ul>
        {isChanged && <p role="alert">{t().altsChanged}</p>}
        <Button kind="primary" type="submit" busy={isBusy}>
          {t().save}
        </Button>
      </form>
    </Dialog>
  );
}

function Face({ file: { id, name, type, variants } }: { file: FileOfMessage }) {
  const small = variants?.find(({ v }) => SMALL.has(v));
  return (
    <span class={css.face}>
      {small ? <img src={`/api/files/${id}/${small.v}`} alt="" /> : <Icon name={iconOf(name, type)} />}
    </span>
  );
}
