/** Buttons: with text, or an icon with text for screen readers. */
import type { IconNode } from 'lucide';
import type { ComponentChildren, JSX } from 'preact';
import css from './Button.module.css';
import { Icon, type IconName } from './Icon';

type Native = Omit<JSX.IntrinsicElements['button'], 'class' | 'icon' | 'label'>;

interface Props extends Native {
  kind?: 'primary' | 'plain' | 'danger';
  icon?: IconName;
  busy?: boolean;
  children: ComponentChildren;
}

export function Button({ kind = 'plain', icon, busy = false, children, ...rest }: Props) {
  return (
    <button
      type="button"
      {...rest}
      class={`${css.button} ${css[kind]}`}
      // Not `disabled`, which would take the focus away from the pressed button; a form ignores a second press too.
      aria-busy={busy}
      aria-disabled={busy}
      onClick={busy ? (event) => event.preventDefault() : rest.onClick}
    >
      {icon && <Icon name={icon} size={18} />}
      <span>{children}</span>
    </button>
  );
}

interface IconProps extends Native {
  icon: IconName | IconNode;
  label: string;
}

export function IconButton({ icon, label, ...rest }: IconProps) {
  return (
    <button type="button" {...rest} class={css.icon} aria-label={label} title={label}>
      <Icon name={icon} />
    </button>
  );
}
