/** One message: who, what, when, its state; the menu comes from the conversation. */

import type { MessageView } from '../../api/types';
import { Name } from '../../content/names/Name';
import { fullName } from '../../content/names/names';
import { preview, serviceLine } from '../../content/preview';
import { Text } from '../../content/text/Text';
import { lang, t } from '../../i18n';
import { memo } from '../../lib/memo';
import { clockTime, exactTime } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { myId } from '../../store/session';
import { nameOf, pictureOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { Spot } from '../../ui/Menu';
import css from './Message.module.css';
import { usePress } from './press';
import { useMessage } from './shown';

interface Props {
  message: MessageView;
  isFirst: boolean;
  isGroup: boolean;
  isHidden: boolean;
  onMenu: (message: MessageView, at: Spot) => void;
  /** A key was pressed on it; answers whether it meant something. */
  onKey: (message: MessageView, code: string) => boolean;
  onJump: (seq: number) => void;
}

export const Message = memo(function Message({ message, isFirst, isGroup, isHidden, onMenu, onKey, onJump }: Props) {
  const press = usePress((at) => onMenu(message, at));
  if (message.service) return <p class={css.service}>{serviceLine(message)}</p>;
  const isMine = message.sender_id === myId();
  const isGone = Boolean(message.deleted_at) || isHidden;
  const spot = (element: Element): Spot => {
    const { left, bottom } = element.getBoundingClientRect();
    return { x: left + 24, y: bottom - 8 };
  };
  return (
    <article
      class={`${css.message} ${isMine ? css.mine : ''} ${isFirst ? css.first : ''} ${isGroup ? css.inGroup : ''}`}
      tabIndex={-1}
      data-seq={message.seq}
      aria-label={t().saidBy(isMine ? t().you : fullName(message.sender_id), preview(message))}
      onContextMenu={(event) => {
        if (isGone || getSelection()?.toString()) return;
        event.preventDefault();
        onMenu(message, { x: event.clientX, y: event.clientY });
      }}
      {...(isGone ? {} : press)}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || isGone) return;
        if (event.key === 'Enter' || event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
          event.preventDefault();
          onMenu(message, spot(event.currentTarget));
        } else if (isPlain(event) && !getSelection()?.toString() && onKey(message, event.code)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
    >
      {isGroup && isFirst && <Sender id={message.sender_id} />}
      <div class={css.bubble}>
        {isGroup && isFirst && (
          <p class={css.author}>
            <Name id={message.sender_id} isLine />
          </p>
        )}
        {message.reply_to && !isGone && <Quote chatId={message.chat_id} seq={message.reply_to} onJump={onJump} />}
        <div class={css.words}>
          {isGone ? <p class={css.gone}>{t().deleted}</p> : <Text text={message.text} entities={message.entities} />}
          <Foot message={message} isMine={isMine} />
        </div>
      </div>
      {!isGone && (
        <span class={css.more}>
          <IconButton
            icon="more"
            label={t().more}
            tabIndex={-1}
            onClick={(event) => onMenu(message, spot(event.currentTarget))}
          />
        </span>
      )}
    </article>
  );
});

const isPlain = (event: KeyboardEvent): boolean => !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;

/** Whose messages begin here; one's own only where a group reads as a list. */
export function Sender({ id }: { id: number }) {
  return (
    <span class={css.sender}>
      <Avatar id={id} name={nameOf(id)} picture={pictureOf(id)} size={36} />
    </span>
  );
}

function Foot({ message, isMine }: { message: MessageView; isMine: boolean }) {
  const readUpTo = chatSignal(message.chat_id)?.value.others_read_seq ?? 0;
  const isRead = readUpTo >= message.seq;
  return (
    <p class={css.foot}>
      {message.edited_at && !message.deleted_at && <span>{t().edited}</span>}
      <time dateTime={message.sent_at} title={exactTime(message.sent_at, lang.value)}>
        {clockTime(message.sent_at, lang.value)}
      </time>
      {isMine && !message.deleted_at && (
        <span class={isRead ? css.read : undefined} role="img" aria-label={isRead ? t().stateRead : t().stateSent}>
          <Icon name={isRead ? 'read' : 'check'} size={14} />
        </span>
      )}
    </p>
  );
}

/** The message that is answered; its line is always one high, so nothing moves when it arrives. */
export function Quote({ chatId, seq, onJump }: { chatId: number; seq: number; onJump?: (seq: number) => void }) {
  const message = useMessage(chatId, seq);
  return (
    <button type="button" class={css.quote} onClick={() => onJump?.(seq)} disabled={!onJump}>
      <b>{message ? <Name id={message.sender_id} isLine /> : '…'}</b>
      <span>{message ? preview(message) : ''}</span>
    </button>
  );
}
