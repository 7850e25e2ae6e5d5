/** The people who reacted to a message, a page at a time. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { lang, t } from '../../i18n';
import { exactTime } from '../../lib/time';
import { shownMessage } from '../../store/aside';
import { reactionsOf } from '../../store/reactions';
import { myId } from '../../store/session';
import { nameOf, pictureOf } from '../../store/users';
import type { Problem } from '../../sync';
import { listReactions, type ReactionList } from '../../sync/reactions';
import { Avatar } from '../../ui/Avatar';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { Name } from '../names/Name';
import type { Open, ThingProps } from '../things';
import { emojiName, toggle } from './named';
import css from './Reactions.module.css';

type Props = ThingProps<'whoReacted'> & { context: { open: Open } };

export function Who({ thing: { message }, context: { open }, onClose }: Props) {
  const now = shownMessage(message.chat_id, message.seq) ?? message;
  const { counts, mine } = reactionsOf(now);
  const [chosen, setChosen] = useState('');
  const only = counts.some((one) => one.emoji === chosen) ? chosen : '';
  return (
    <Dialog title={t().whoReacted} onClose={onClose}>
      <div class={css.chips} role="group" aria-label={t().reactions}>
        <button type="button" class={css.chip} aria-pressed={!only} onClick={() => setChosen('')}>
          {t().allReactions}
        </button>
        {counts.map(({ emoji, count }) => (
          <button
            key={emoji}
            type="button"
            class={css.chip}
            aria-pressed={only === emoji}
            aria-label={t().reaction(emojiName(emoji), count, mine.includes(emoji))}
            onClick={() => setChosen(emoji)}
          >
            <span aria-hidden="true">{emoji}</span>
            <span aria-hidden="true">{count}</span>
          </button>
        ))}
      </div>
      <People key={only} message={now} only={only} mine={mine} open={open} />
    </Dialog>
  );
}

interface PeopleProps {
  message: MessageView;
  only: string;
  mine: readonly string[];
  open: Open;
}

function People({ message, only, mine, open }: PeopleProps) {
  const [items, setItems] = useState<ReactionList['items']>([]);
  const [cursor, setCursor] = useState<string | null>('');
  const [isLoading, setLoading] = useState(false);
  const [problem, setProblem] = useState('');
  const { chat_id, seq } = message;
  const loadFrom = useCallback(
    async (start: string): Promise<void> => {
      setLoading(true);
      try {
        const found = await listReactions({ chat_id, seq }, only, start);
        setItems((before) => [...before, ...found.items]);
        setCursor(found.page.next_cursor ?? null);
      } catch (error) {
        setProblem((error as Problem).message);
      }
      setLoading(false);
    },
    [chat_id, seq, only],
  );
  useEffect(() => void loadFrom(''), [loadFrom]);
  const shown = items.filter((one) => one.user_id !== myId() || mine.includes(one.emoji));
  if (problem) return <p role="alert">{problem}</p>;
  return (
    <>
      <ul class={css.people} aria-busy={isLoading}>
        {shown.map(({ user_id, emoji, at }) => (
          <li key={`${user_id} ${emoji}`} title={exactTime(at, lang.value)}>
            <button type="button" class={css.person} onClick={() => open({ kind: 'person', userId: user_id })}>
              <Avatar id={user_id} name={nameOf(user_id)} picture={pictureOf(user_id)} size={32} />
              <Name id={user_id} isLine />
            </button>
            <span class={css.mark} role="img" aria-label={emojiName(emoji)}>
              {emoji}
            </span>
            {user_id === myId() && <Button onClick={() => toggle(message, emoji)}>{t().takeReactionBack}</Button>}
          </li>
        ))}
        {!isLoading && !cursor && !shown.length && <li>{t().noReactions}</li>}
      </ul>
      {cursor && (
        <Button busy={isLoading} onClick={() => loadFrom(cursor)}>
          {t().moreReactions}
        </Button>
      )}
    </>
  );
}
