/** The title of the conversation, and which of its people are online or typing. */
import { useComputed } from '@preact/signals';
import { ActButton } from '../../acts/ActButton';
import type { Context } from '../../acts/act';
import { Title } from '../../content/names/Name';
import { lang, t } from '../../i18n';
import { ago } from '../../lib/time';
import { chat } from '../../store/chats';
import { shownNow } from '../../store/clock';
import { isOnline, presence } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import { IconButton } from '../../ui/Button';
import { typingWords } from '../chat-list/typing';
import css from './Conversation.module.css';

interface Props {
  chatId: number;
  title: string;
  onBack: () => void;
  context: Context;
}

export function Header({ chatId, title, onBack, context }: Props) {
  // Of the chat only these are shown: each message changes the rest of it.
  const { value: kind } = useComputed(() => chat(chatId)?.kind);
  const { value: peer } = useComputed(() => chat(chatId)?.peer);
  const { value: avatar } = useComputed(() => chat(chatId)?.avatar ?? null);
  if (!kind) return <header class={css.header} />;
  return (
    <header class={css.header}>
      <span class={css.back}>
        <IconButton icon="back" label={t().back} onClick={onBack} />
      </span>
      <div class={css.who}>
        <Avatar
          id={peer?.id ?? chatId}
          name={title}
          picture={peer ? peer.avatar : avatar}
          size={36}
          saved={kind === 'saved'}
        />
        <span>
          <h1>
            <Title chatId={chatId} isLine />
          </h1>
          {kind !== 'saved' && (
            <small>
              <State chatId={chatId} />
            </small>
          )}
        </span>
        {/* Over the heading: around it, it would hide the heading from screen readers. */}
        <button
          type="button"
          onClick={() => context.open({ kind: 'info', chatId })}
          aria-label={`${title}, ${kind === 'group' ? t().membersTitle : t().chatInfo}`}
        />
      </div>
      <ActButton id="gallery" on="chat" context={context} />
      <ActButton id="info" on="chat" context={context} />
    </header>
  );
}

function State({ chatId }: { chatId: number }) {
  const { value: writing } = useComputed(() => typingWords(chatId));
  const { value: words } = useComputed(() => stateOf(chatId));
  return writing ? <em>{writing}</em> : <>{words}</>;
}

/** Returns how many members there are, or whether the other person is online. */
function stateOf(chatId: number): string {
  const view = chat(chatId);
  if (view?.kind === 'group') return t().members(view.member_count);
  if (!view?.peer) return '';
  const there = presence.value.get(view.peer.id);
  if (isOnline(view.peer.id)) return t().online;
  return there?.last_seen_at && !there.online
    ? t().lastSeen(ago(there.last_seen_at, lang.value, t().justNow, shownNow()))
    : '';
}
