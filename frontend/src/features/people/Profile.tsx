/** A person: picture, name, whether they are here, since when, and how to write to them. */
import type { DialogProps } from '../../acts/act';
import { Name } from '../../content/names/Name';
import { lang, t } from '../../i18n';
import { fullDate } from '../../lib/time';
import { myId } from '../../store/session';
import { nameOf, pictureOf, presence, users } from '../../store/users';
import { openDirect } from '../../sync';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { told } from '../../ui/Toast';
import css from './People.module.css';

export function Profile({ thing: { userId }, context, onClose }: DialogProps<'person'>) {
  const since = users.value.get(userId)?.created_at;
  const write = (): void => void openDirect(userId).then((chatId) => context.open({ kind: 'chat', chatId }), told);
  return (
    <Dialog title={t().profile} onClose={onClose}>
      <div class={css.person}>
        <Avatar id={userId} name={nameOf(userId)} picture={pictureOf(userId)} size={96} />
        <strong>
          <Name id={userId} />
        </strong>
        <p class={css.hint}>
          {presence.value.get(userId)?.online && <span>{t().online}, </span>}
          {since && t().hereSince(fullDate(since, lang.value))}
        </p>
        {userId !== myId() && (
          <Button kind="primary" icon="newChat" onClick={write}>
            {t().writeTo}
          </Button>
        )}
      </div>
    </Dialog>
  );
}
