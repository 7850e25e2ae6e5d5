/** Who has read a message, and what it said before. */
import { useEffect, useState } from 'preact/hooks';
import type { MessageView, VersionView } from '../../api/types';
import { Text } from '../../content/text/Text';
import { lang, t } from '../../i18n';
import { exactTime } from '../../lib/time';
import { nameOf } from '../../store/users';
import { readers, versions } from '../../sync';
import { Avatar } from '../../ui/Avatar';
import { Dialog } from '../../ui/Dialog';
import css from './MessageDetails.module.css';

export function MessageDetails({ message, onClose }: { message: MessageView; onClose: () => void }) {
  const [read, setRead] = useState<{ ids: number[]; count: number } | null>(null);
  const [earlier, setEarlier] = useState<VersionView[]>([]);
  useEffect(() => {
    readers(message).then(setRead, () => undefined);
    if (message.edited_at)
      versions(message).then(
        (all) => setEarlier(all.slice(0, -1)),
        () => undefined,
      );
  }, [message]);
  return (
    <Dialog title={t().readBy} onClose={onClose}>
      <ul class={css.people}>
        {read?.ids.map((id) => (
          <li key={id}>
            <Avatar id={id} name={nameOf(id)} size={32} /> {nameOf(id)}
          </li>
        ))}
        {read && read.ids.length === 0 && <li>{read.count ? t().members(read.count) : t().readByNobody}</li>}
      </ul>
      {earlier.length > 0 && (
        <section class={css.versions}>
          <h2>{t().history}</h2>
          {earlier.map((one) => (
            <div key={one.rev}>
              <time dateTime={one.at}>{exactTime(one.at, lang.value)}</time>
              <Text text={one.text} entities={one.entities} />
            </div>
          ))}
        </section>
      )}
    </Dialog>
  );
}
