/** An act with a button of its own: its icon, label and key are those of the list. */
import { useMemo } from 'preact/hooks';
import { computed } from '../store/signal';
import { Button, IconButton } from '../ui/Button';
import type { Context } from './act';
import { actsFor, shortcutOf } from './all';

interface Props {
  id: string;
  on?: 'page' | 'chat';
  context: Context;
  /** Drawn with its label. */
  kind?: 'primary' | 'plain';
}

/** Draws nothing if the act is impossible. */
export function ActButton({ id, on = 'page', context, kind }: Props) {
  // Both depend on the chat, and change seldom, while each message changes the chat.
  const { value: act } = useMemo(
    () => computed(() => actsFor(on, context).find((one) => one.id === id)),
    [id, on, context],
  );
  const { value: label } = useMemo(() => computed(() => act?.label(context) ?? ''), [act, context]);
  if (!act) return null;
  const { icon } = act;
  const button = { icon, onClick: () => act.run(context), 'aria-keyshortcuts': shortcutOf(id) };
  if (!kind) return <IconButton {...button} label={label} />;
  return (
    <Button {...button} kind={kind}>
      {label}
    </Button>
  );
}
