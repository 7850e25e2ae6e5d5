/** Who has read a message, and what it said before. */
import { useEffect, useState } from 'preact/hooks';
import type { MessageView, VersionView } from '../../api/types';
import { Text } from '../../content/text/Text';
import { lang, t } from '../../i18n';
import { exactTime } from '../../lib/time';
import { chat } from '../../store/chats';
import { nameOf, pictureOf } from '../../store/users';
import { type Problem, readers, versions } from '../../sync';
import { Avatar } from '../../ui/Avatar';
import { Dialog } from '../../ui/Dialog';
import css from './MessageDetails.module.css';

export function MessageDetails({ message, onClose }: { message: MessageView; onClose: () => void }) {
  const [read, setRead] = useState<{ ids: number[]; count: number } | null>(null);
  const [earlier, setEarlier] = useState<VersionView[]>([]);
  const [problem, setProblem] = useState('');
  const isShared = chat(message.chat_id)?.kind !== 'saved';
  useEffect(() => {
    const failed = (error: Problem): void => setProblem(error.message);
    if (isShared) readers(message).then(setRead, failed);
    if (message.edited_at) versions(message).then((all) => setEarlier(all.slice(0, -1)), failed);
  }, [message, isShared]);
  return (
    <Dialog title={isShared ? t().readBy : t().history} onClose={onClose}>
      {problem && <p role="alert">{problem}</p>}
      {isShared && !problem && (
        <ul class={css.people} aria-busy={!read}>
          {read?.ids.map((id) => (
            <li key={id}>
              <Avatar id={id} name={nameOf(id)} picture={pictureOf(id)} size={32} />{' '}
              <span dir="auto">{nameOf(id)}</span>
            </li>
          ))}
          {read && read.ids.length === 0 && <li>{read.count ? t().members(read.count) : t().readByNobody}</li>}
        </ul>
      )}
      {earlier.length > 0 && (
        <section class={css.versions}>
          {isShared && <h3>{t().history}</h3>}
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
