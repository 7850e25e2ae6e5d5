/** The title of the conversation, and which of its people are online or typing. */
import { ActButton } from '../../acts/ActButton';
import type { Context } from '../../acts/act';
import { Title } from '../../content/names/Name';
import { lang, t } from '../../i18n';
import { ago } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { shownNow } from '../../store/clock';
import { presence } from '../../store/users';
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
  const view = chatSignal(chatId)?.value;
  if (!view) return <header class={css.header} />;
  return (
    <header class={css.header}>
      <span class={css.back}>
        <IconButton icon="back" label={t().back} onClick={onBack} />
      </span>
      <div class={css.who}>
        <Avatar
          id={view.peer?.id ?? chatId}
          name={title}
          picture={(view.peer ?? view).avatar}
          size={36}
          saved={view.kind === 'saved'}
        />
        <span>
          <h1>
            <Title chatId={chatId} isLine />
          </h1>
          <small>
            <State chatId={chatId} />
          </small>
        </span>
        {/* Over the heading: around it, it would hide the heading from screen readers. */}
        <button
          type="button"
          onClick={() => context.open({ kind: 'info', chatId })}
          aria-label={`${title}, ${view.kind === 'group' ? t().membersTitle : t().chatInfo}`}
        />
      </div>
      <ActButton id="info" on="chat" context={context} />
    </header>
  );
}

function State({ chatId }: { chatId: number }) {
  const view = chatSignal(chatId)?.value;
  const writing = typingWords(chatId);
  const there = view?.peer ? presence.value.get(view.peer.id) : undefined;
  if (writing) return <em>{writing}</em>;
  if (view?.kind === 'group') return <>{t().members(view.member_count)}</>;
  if (there?.online) return <>{t().online}</>;
  return <>{there?.last_seen_at ? t().lastSeen(ago(there.last_seen_at, lang.value, t().justNow, shownNow())) : ''}</>;
}
