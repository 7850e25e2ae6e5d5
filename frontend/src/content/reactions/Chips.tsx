/** The reactions under a message: a tap adds mine or removes it, the right mouse button shows who reacted. */
import { useComputed } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import type { MessageView } from '../../api/types';
import { t } from '../../i18n';
import { chat } from '../../store/chats';
import { mayReact, reactionsOf } from '../../store/reactions';
import { nameOf, pictureOf } from '../../store/users';
import { listReactions, type ReactionList } from '../../sync/reactions';
import { Avatar } from '../../ui/Avatar';
import type { Open } from '../things';
import { emojiName, loadNames, toggle } from './named';
import css from './Reactions.module.css';

const NAMED = 5;
const NAMES_AFTER_MS = 300;

export function Chips({ message, open }: { message: MessageView; open: Open }) {
  const { counts, mine, recent } = reactionsOf(message);
  const { value: isGroup } = useComputed(() => chat(message.chat_id)?.kind === 'group');
  const marks = counts.map((one) => one.emoji).join(' ');
  useEffect(() => {
    if (marks) loadNames(marks.split(' ')).catch(() => {});
  }, [marks]);
  if (!counts.length) return null;
  return (
    <ul class={css.chips} aria-label={t().reactions}>
      {counts.map(({ emoji, count }) => (
        <li key={emoji}>
          <Chip message={message} emoji={emoji} count={count} isMine={mine.includes(emoji)} open={open} />
        </li>
      ))}
      {isGroup && recent.length > 0 && (
        <li class={css.faces} aria-hidden="true">
          {recent.map((id) => (
            <Avatar key={id} id={id} name={nameOf(id)} picture={pictureOf(id)} size={20} />
          ))}
        </li>
      )}
    </ul>
  );
}

function Chip(props: { message: MessageView; emoji: string; count: number; isMine: boolean; open: Open }) {
  const { message, emoji, count, isMine, open } = props;
  const [isOver, setOver] = useState(false);
  const names = useNames(message, emoji, isOver, count);
  const { value: isFree } = useComputed(() => mayReact(message));
  const may = isMine || isFree;
  return (
    <button
      type="button"
      class={css.chip}
      tabIndex={-1}
      aria-pressed={isMine}
      aria-disabled={!may}
      aria-label={t().reaction(emojiName(emoji), count, isMine)}
      title={names}
      onClick={() => may && toggle(message, emoji)}
      onPointerEnter={({ pointerType }) => setOver(pointerType === 'mouse')}
      onPointerLeave={() => setOver(false)}
      onContextMenu={(event) => {
        event.preventDefault();
        event.stopPropagation();
        open({ kind: 'whoReacted', message });
      }}
    >
      <span aria-hidden="true">{emoji}</span>
      <span aria-hidden="true">{count}</span>
    </button>
  );
}

/** Shows some of the people who reacted, as text: loaded while a mouse stays over the number. */
function useNames(message: MessageView, emoji: string, isWanted: boolean, count: number): string {
  const [items, setItems] = useState<ReactionList['items']>([]);
  const { chat_id, seq } = message;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number means other people
  useEffect(() => {
    if (!isWanted) return undefined;
    const timer = setTimeout(() => {
      listReactions({ chat_id, seq }, emoji, '', NAMED).then(
        (found) => setItems(found.items),
        () => {},
      );
    }, NAMES_AFTER_MS);
    return () => clearTimeout(timer);
  }, [chat_id, seq, emoji, isWanted, count]);
  if (!items.length) return emojiName(emoji);
  const names = items.map((one) => nameOf(one.user_id)).join(', ');
  return `${emojiName(emoji)}: ${t().reactionNames(names, Math.max(0, count - items.length))}`;
}
