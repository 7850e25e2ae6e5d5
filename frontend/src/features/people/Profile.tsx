/** A person: picture, name, since when they are here, how to write to them, and the groups shared with them. */
import { useEffect, useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import type { ChatView } from '../../api/types';
import { Name, Title } from '../../content/names/Name';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/people';
import { fullDate } from '../../lib/time';
import { myId } from '../../store/session';
import { isOnline, nameOf, pictureOf, users } from '../../store/users';
import { openDirect } from '../../sync';
import { sharedGroups } from '../../sync/late/people';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { told } from '../../ui/Toast';
import css from './People.module.css';
import { useWatched } from './watched';

export function Profile({ thing: { userId }, context, onClose }: DialogProps<'person'>) {
  const since = users.value.get(userId)?.created_at;
  useWatched([userId]);
  const [groups, setGroups] = useState<readonly ChatView[]>([]);
  useEffect(() => {
    // Without an answer the rest of the profile is as good.
    if (userId !== myId()) sharedGroups(userId).then(setGroups, () => {});
  }, [userId]);
  const write = (): void => void openDirect(userId).then((chatId) => context.open({ kind: 'chat', chatId }), told);
  return (
    <Dialog title={t().profile} onClose={onClose}>
      <div class={css.person}>
        <Avatar id={userId} name={nameOf(userId)} picture={pictureOf(userId)} size={96} />
        <strong>
          <Name id={userId} />
        </strong>
        <p class={css.hint}>
          {isOnline(userId) && <span>{t().online}, </span>}
          {since && t().hereSince(fullDate(since, lang.value))}
        </p>
        {userId !== myId() && (
          <Button kind="primary" icon="newChat" onClick={write}>
            {t().writeTo}
          </Button>
        )}
      </div>
      {groups.length > 0 && (
        <section class={css.shared}>
          <h3>{t().sharedGroups}</h3>
          <ul>
            {groups.map(({ id, name, avatar }) => (
              <li key={id}>
                <button type="button" onClick={() => context.open({ kind: 'chat', chatId: id })}>
                  <Avatar id={id} name={name ?? ''} picture={avatar} size={36} />
                  <Title chatId={id} isLine />
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Dialog>
  );
}
