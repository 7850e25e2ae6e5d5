/**
 * The number of selected messages, and the acts that fit all of them; in the place of the header, of the same height.
 */
import { useLayoutEffect } from 'preact/hooks';
import type { Context } from '../../acts/act';
import { actsFor } from '../../acts/all';
import { t } from '../../i18n';
import { visited } from '../../lib/browser';
import { IconButton } from '../../ui/Button';
import css from './Conversation.module.css';

interface Props {
  context: Context;
  onClear: () => void;
}

export function SelectionBar({ context, onClear }: Props) {
  // A button of the bar disappears with the bar.
  useLayoutEffect(() => visited(() => {}), []);
  return (
    <div class={css.header} role="group" aria-label={t().selection}>
      <IconButton icon="close" label={t().unselect} onClick={onClear} />
      <span class={css.count}>{t().selected(context.messages.length)}</span>
      <span class={css.acts}>
        {actsFor('messages', context)
          .filter((act) => act.id !== 'select')
          .map(({ id, icon, label, run }) => (
            <IconButton
              key={id}
              icon={icon}
              label={label(context)}
              onClick={() => {
                run(context);
                onClear();
              }}
            />
          ))}
      </span>
    </div>
  );
}
