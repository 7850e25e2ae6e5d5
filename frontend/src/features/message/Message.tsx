/** One message: author, content, time, state; the menu belongs to the conversation. */
import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { reply } from '../../acts/messages';
import type { MessageView } from '../../api/types';
import { kindOf } from '../../content/kinds';
import { fullName } from '../../content/names/names';
import { preview } from '../../content/preview';
import { slots } from '../../content/registry';
import type { Open } from '../../content/things';
import { lang, t } from '../../i18n';
import { memo } from '../../lib/memo';
import { clockTime, exactTime } from '../../lib/time';
import { chatSignal } from '../../store/chats';
import { myId } from '../../store/session';
import { IconButton } from '../../ui/Button';
import { Icon } from '../../ui/Icon';
import type { Spot } from '../../ui/place';
import { useDrag } from '../../ui/touch/drag';
import { isResting, usePress } from '../../ui/touch/press';
import { Bubble } from './Bubble';
import { Folded, mayBeLong } from './Folded';
import css from './Message.module.css';

interface Props {
  message: MessageView;
  isNamed: boolean;
  /** Whether the message before it is of the same run and minute. */
  isSoon: boolean;
  isSelected: boolean;
  /** Whether its menu is open. */
  isMarked: boolean;
  isHidden: boolean;
  onMenu: (message: MessageView, at: Spot) => void;
  onSelect: (seq: number) => void;
  /** Handles a key on the message; returns whether it had an effect. */
  onKey: (message: MessageView, event: KeyboardEvent) => boolean;
  open: Open;
}

export const Message = memo(function Message(props: Props) {
  const { message, isNamed, isSoon, isSelected, isMarked, isHidden, onMenu, onSelect, onKey, open } = props;
  const press = usePress(() => onSelect(message.seq), 'a:not([data-photo]), button, input, video[controls]');
  const { side, on: drag } = useDrag(() => reply(message), TO_START);
  const [isOver, setOver] = useState(false);
  const kind = kindOf(message);
  if (!kind.body) return <p class={css.service}>{kind.line(message)}</p>;
  const isMine = message.sender_id === myId();
  const isGone = Boolean(message.deleted_at) || isHidden;
  const drawn = (name: keyof typeof slots) =>
    !isGone && slots[name].map((Slot, place) => <Slot key={place} message={message} open={open} />);
  const said = t().saidBy(isMine ? t().you : fullName(message.sender_id), preview(message));
  const foot = <Foot message={message} />;
  const more = !isGone && (
    <span class={css.more}>
      {isOver && !isMarked && drawn('beside')}
      <IconButton icon="reply" label={t().reply} tabIndex={-1} onClick={() => reply(message)} />
      <IconButton
        icon="more"
        label={t().more}
        tabIndex={-1}
        onClick={(event) => onMenu(message, spotIn(event.currentTarget))}
      />
    </span>
  );
  return (
    <Bubble
      authorId={isNamed ? message.sender_id : null}
      onAuthor={() => open({ kind: 'person', userId: message.sender_id })}
      isMine={isMine}
      above={drawn('above')}
      below={[drawn('below'), drawn('foot')]}
      beside={
        <>
          {more}
          {side && (
            <span class={css.answer}>
              <Icon name="reply" />
            </span>
          )}
        </>
      }
      tabIndex={-1}
      id={`message-${message.seq}`}
      data-seq={message.seq}
      isSelected={isSelected}
      isMarked={isMarked}
      isSoon={isSoon}
      // Its own label, then what it answers, the time, whether it was edited, and its state.
      aria-labelledby={`message-${message.seq} quote-${message.seq} foot-${message.seq}`}
      aria-label={isSelected ? t().selectedOne(said) : said}
      onContextMenu={(event) => {
        // A finger that rests on a message selects it; on a selected one it selects words.
        if (isGone || getSelection()?.toString() || (isTouch(event) && isSelected && !isResting())) return;
        event.preventDefault();
        if (isTouch(event)) return;
        onMenu(message, spotIn(event.currentTarget, event));
      }}
      onClick={(event) => {
        const isFree = !isGone && !(event.target as Element).closest('a, button, input, pre, video[controls]');
        if (isFree && isTouch(event) && getSelection()?.isCollapsed)
          onMenu(message, spotIn(event.currentTarget, event));
      }}
      onPointerEnter={({ pointerType }) => setOver(pointerType === 'mouse')}
      onPointerLeave={() => setOver(false)}
      {...(isGone || isSelected ? {} : { ...press, ...drag })}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget || isGone) return;
        if (event.key === 'Enter' || event.key === 'ContextMenu' || (event.shiftKey && event.key === 'F10')) {
          event.preventDefault();
          onMenu(message, spotIn(event.currentTarget));
        } else if (!getSelection()?.toString() && onKey(message, event)) {
          event.preventDefault();
          event.stopPropagation();
        }
      }}
    >
      {isGone ? (
        <p class={css.gone}>
          {t().deleted}
          {foot}
        </p>
      ) : (
        <Content message={message} open={open} foot={foot} />
      )}
    </Bubble>
  );
});

/** Draws the content of a message, its first lines if it is long. */
function Content({ message, open, foot }: Pick<Props, 'message' | 'open'> & { foot: ComponentChildren }) {
  const { body: Body } = kindOf(message);
  if (!Body) return null;
  if (!mayBeLong(message.text)) return <Body message={message} open={open} foot={foot} />;
  return (
    <Folded foot={foot}>
      <Body message={message} open={open} foot={null} />
    </Folded>
  );
}

const TO_START = ['start'] as const;
const isTouch = (event: MouseEvent): boolean => (event as Partial<PointerEvent>).pointerType === 'touch';

/** Returns the place of a menu: beside the bubble around an element, at the height of a pointer or else at its top. */
function spotIn(element: Element, pointer?: { clientX: number; clientY: number }): Spot {
  const bubble = element.closest('article')?.querySelector(`.${css.bubble}`) ?? element;
  const around = bubble.getBoundingClientRect();
  return { x: pointer?.clientX ?? around.left + 24, y: pointer?.clientY ?? around.top, around };
}

function Foot({ message }: { message: MessageView }) {
  return (
    <span
      id={`foot-${message.seq}`}
      class={`${css.foot} ${message.edited_at ? '' : css.brief}`}
      lang={message.edited_at ? lang.value : undefined}
    >
      {message.edited_at && !message.deleted_at && <span>{t().edited}</span>}
      <time dateTime={message.sent_at} title={exactTime(message.sent_at, lang.value)}>
        {clockTime(message.sent_at, lang.value)}
      </time>
      {message.sender_id === myId() && !message.deleted_at && <Mark message={message} />}
    </span>
  );
}

/** Draws whether another person has read the message: anew when that changes, not with each change of the chat. */
function Mark({ message: { chat_id: chatId, seq } }: { message: MessageView }) {
  const { value: isRead } = useComputed(() => (chatSignal(chatId)?.value.others_read_seq ?? 0) >= seq);
  return (
    <span class={isRead ? css.read : undefined} role="img" aria-label={isRead ? t().stateRead : t().stateSent}>
      <Icon name={isRead ? 'read' : 'check'} size={14} />
    </span>
  );
}
