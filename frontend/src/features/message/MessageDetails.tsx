/** The readers of a message, and its earlier versions. */
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { DialogProps } from '../../acts/act';
import type { MessageView, VersionView } from '../../api/types';
import { Name } from '../../content/names/Name';
import { useMessage } from '../../content/reply/shown';
import { Text } from '../../content/text/Text';
import { lang } from '../../i18n';
import { t } from '../../i18n/screens/details';
import { exactTime } from '../../lib/time';
import { chat } from '../../store/chats';
import { nameOf, pictureOf } from '../../store/users';
import type { Problem } from '../../sync';
import { readers, versions } from '../../sync/late/people';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import css from './MessageDetails.module.css';

/** The number of versions in one answer of the server. */
const PAGE = 50;

export function MessageDetails({ thing, context, onClose }: DialogProps<'details'>) {
  const message = useMessage(thing.message.chat_id, thing.message.seq) ?? thing.message;
  const isGone = message.deleted_at !== null;
  useEffect(() => {
    if (isGone) onClose();
  }, [isGone, onClose]);
  const [read, setRead] = useState<{ ids: number[]; count: number } | null>(null);
  const [problem, setProblem] = useState('');
  const isShared = chat(message.chat_id)?.kind !== 'saved';
  useEffect(() => {
    const failed = (error: Problem): void => setProblem(error.message);
    if (isShared) readers(message).then(setRead, failed);
  }, [message, isShared]);
  return (
    <Dialog title={isShared ? t().readBy : t().history} onClose={onClose}>
      {problem && <p role="alert">{problem}</p>}
      {isShared && !problem && (
        <ul class={css.people} aria-busy={!read}>
          {read?.ids.map((id) => (
            <li key={id}>
              <button type="button" onClick={() => context.open({ kind: 'person', userId: id })}>
                <Avatar id={id} name={nameOf(id)} picture={pictureOf(id)} size={32} />
                <Name id={id} />
              </button>
            </li>
          ))}
          {read && read.ids.length === 0 && <li>{read.count ? t().members(read.count) : t().readByNobody}</li>}
        </ul>
      )}
      {message.edited_at && !problem && (
        <section class={css.versions}>
          {isShared && <h3>{t().history}</h3>}
          <Earlier key={message.rev} message={message} onFailed={setProblem} />
        </section>
      )}
    </Dialog>
  );
}

/** Draws the versions of a message, a page at a time; the last one is the current text. */
function Earlier({ message, onFailed }: { message: MessageView; onFailed: (why: string) => void }) {
  const [shown, setShown] = useState<readonly VersionView[]>([]);
  const [cursor, setCursor] = useState<string | null>('');
  const [isLoading, setLoading] = useState(false);
  const first = useRef<HTMLDivElement>(null);
  const { chat_id, seq, rev } = message;
  const loadFrom = useCallback(
    async (start: string): Promise<void> => {
      setLoading(true);
      try {
        const { items, page } = await versions({ chat_id, seq }, start);
        setShown((before) => [...before, ...items.filter((one) => one.rev < rev)]);
        setCursor(page.next_cursor ?? null);
      } catch (error) {
        onFailed((error as Problem).message);
      }
      setLoading(false);
    },
    [chat_id, seq, rev, onFailed],
  );
  useEffect(() => void loadFrom(''), [loadFrom]);
  // The pressed button may disappear: the focus moves to the first new item.
  useEffect(() => {
    if (shown.length > PAGE) first.current?.focus();
  }, [shown]);
  return (
    <>
      {shown.map((one, place) => (
        <div key={one.rev} ref={place % PAGE === 0 ? first : undefined} tabIndex={-1}>
          <time dateTime={one.at}>{exactTime(one.at, lang.value)}</time>
          <Text text={one.text} entities={one.entities} />
        </div>
      ))}
      {cursor && (
        <Button busy={isLoading} onClick={() => loadFrom(cursor)}>
          {t().laterVersions}
        </Button>
      )}
    </>
  );
}
