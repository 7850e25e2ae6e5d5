/** Six common emoji: beside a message on hover, and over the acts in its menu. */
import type { MessageView } from '../../api/types';
import { t } from '../../i18n';
import { mayReact, reactionsOf } from '../../store/reactions';
import { emojiName, toggle } from './named';
import css from './Reactions.module.css';

const AT_HAND = ['👍', '❤️', '😂', '😮', '😢', '🎉'];

/** Draws six emoji; `onClose` closes the menu that holds them. */
export function Quick({ message, onClose }: { message: MessageView; onClose?: () => void }) {
  if (!mayReact(message)) return null;
  const { mine } = reactionsOf(message);
  const choose = (mark: string): void => {
    onClose?.();
    toggle(message, mark);
  };
  return (
    <span class={onClose ? css.row : css.bar} role="group" aria-label={t().react}>
      {AT_HAND.map((mark) => {
        const isMine = mine.includes(mark);
        const state = onClose
          ? { role: 'menuitemcheckbox' as const, 'aria-checked': isMine }
          : { 'aria-pressed': isMine };
        return (
          <button
            key={mark}
            type="button"
            tabIndex={-1}
            {...state}
            aria-label={emojiName(mark)}
            title={emojiName(mark)}
            onClick={() => choose(mark)}
          >
            {mark}
          </button>
        );
      })}
    </span>
  );
}
