/** The bubble of a message, sent or pending: its author, and slots around its text. */
import type { ComponentChildren, ComponentProps } from 'preact';
import { Name } from '../../content/names/Name';
import { hueOf } from '../../ui/Avatar';
import { Icon } from '../../ui/Icon';
import css from './Message.module.css';

interface Props extends ComponentProps<'article'> {
  isMine: boolean;
  /** The person whose name is drawn: where a run of messages begins, if their side does not say who speaks. */
  authorId?: number | null;
  onAuthor?: () => void;
  isRising?: boolean;
  isSelected?: boolean;
  /** Whether its menu is open. */
  isMarked?: boolean;
  /** Whether it has the time of the message before it, which therefore shows none. */
  isSoon?: boolean;
  above?: ComponentChildren;
  /** The text, with the time at its end. */
  children: ComponentChildren;
  below?: ComponentChildren;
  /** Drawn outside of the bubble. */
  beside?: ComponentChildren;
}

export function Bubble(props: Props) {
  const {
    authorId,
    onAuthor,
    isMine,
    isRising,
    isSelected,
    isMarked,
    isSoon,
    above,
    children,
    below,
    beside,
    ...article
  } = props;
  const looks = [
    css.message,
    isMine && css.mine,
    isRising && css.rising,
    (isSelected || isMarked) && css.selected,
    isSoon && css.soon,
  ];
  return (
    <article class={looks.filter(Boolean).join(' ')} {...article}>
      <div class={css.bubble}>
        {authorId && (
          <p class={css.author} style={{ '--hue': hueOf(authorId) }}>
            {/* No tab stop of its own: the menu of the message has the same. */}
            <button type="button" tabIndex={-1} onClick={onAuthor}>
              <Name id={authorId} isLine />
            </button>
          </p>
        )}
        {above}
        {children}
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
