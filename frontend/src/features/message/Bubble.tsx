/** The shape of a message, sent or pending: its author, and slots around its text. */
import type { ComponentChildren, ComponentProps } from 'preact';
import { Name } from '../../content/names/Name';
import { nameOf, pictureOf } from '../../store/users';
import { Avatar } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import css from './Message.module.css';

interface Props extends ComponentProps<'article'> {
  authorId: number;
  isMine: boolean;
  /** Whether a run of messages of this author begins here. */
  isFirst: boolean;
  isGroup: boolean;
  isRising?: boolean;
  isSelected?: boolean;
  above?: ComponentChildren;
  /** The text, with the time at its end. */
  children: ComponentChildren;
  below?: ComponentChildren;
  /** Drawn outside of the bubble. */
  beside?: ComponentChildren;
}

export function Bubble(props: Props) {
  const { authorId, isMine, isFirst, isGroup, isRising, isSelected, above, children, below, beside, ...article } =
    props;
  const looks = [
    css.message,
    isMine && css.mine,
    isRising && css.rising,
    isFirst && css.first,
    isGroup && css.inGroup,
    isSelected && css.selected,
  ];
  // Own messages are at the other side: a name would say nothing more.
  const isNamed = isGroup && isFirst && !isMine;
  return (
    <article class={looks.filter(Boolean).join(' ')} {...article}>
      {isNamed && (
        <span class={css.sender}>
          <Avatar id={authorId} name={nameOf(authorId)} picture={pictureOf(authorId)} size={36} />
        </span>
      )}
      <div class={css.bubble}>
        {isNamed && (
          <p class={css.author}>
            <Name id={authorId} isLine />
          </p>
        )}
        {above}
        <div class={css.words}>{children}</div>
        {below}
      </div>
      {beside}
      {isSelected && (
        <span class={css.check}>
          <Icon name="check" size={16} />
        </span>
      )}
    </article>
  );
}
