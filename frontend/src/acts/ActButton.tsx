/** An act with a button of its own: its icon, label and key are those of the list. */
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
  const act = actsFor(on, context).find((one) => one.id === id);
  if (!act) return null;
  const { icon } = act;
  const label = act.label(context);
  const button = { icon, onClick: () => act.run(context), 'aria-keyshortcuts': shortcutOf(id) };
  if (!kind) return <IconButton {...button} label={label} />;
  return (
    <Button {...button} kind={kind}>
      {label}
    </Button>
  );
}
