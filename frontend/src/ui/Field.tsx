/** A field with its label, hint and error; passwords can be shown and warn of Caps Lock. */
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../i18n/screens/fields';
import { IconButton } from './Button';
import css from './Field.module.css';

interface Props {
  label: string;
  name?: string;
  type?: 'text' | 'email' | 'password';
  required?: boolean;
  maxLength?: number;
  autoComplete?: 'name' | 'username' | 'new-password' | 'current-password' | 'off';
  autoCapitalize?: 'none';
  /** It gets the focus whenever it appears; the browser's own attribute works once a page. */
  autoFocus?: boolean;
  value: string;
  onValue: (value: string) => void;
  hint?: string;
  error?: string | undefined;
}

export function Field({ label, value, onValue, hint, error, type = 'text', ...rest }: Props) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { autoFocus } = rest;
  useLayoutEffect(() => {
    if (autoFocus) input.current?.focus();
  }, [autoFocus]);
  const [isShown, setShown] = useState(false);
  const [isCaps, setCaps] = useState(false);
  const isPassword = type === 'password';
  const note = error ?? (isCaps ? t().capsLock : hint);
  return (
    <div class={css.field}>
      <label for={id}>{label}</label>
      <div class={css.box}>
        <input
          {...rest}
          ref={input}
          id={id}
          type={(isPassword && isShown ? 'text' : type) as 'text'}
          value={value}
          onInput={(event) => onValue(event.currentTarget.value)}
          onKeyUp={(event) => isPassword && setCaps(event.getModifierState('CapsLock'))}
          aria-invalid={Boolean(error)}
          aria-describedby={note ? `${id}-note` : undefined}
        />
        {isPassword && (
          <IconButton
            icon={isShown ? 'eyeOff' : 'eye'}
            label={isShown ? t().hidePassword : t().showPassword}
            onClick={() => setShown(!isShown)}
          />
        )}
      </div>
      {note && (
        <p id={`${id}-note`} class={error ? css.error : css.hint} role={error ? 'alert' : undefined}>
          {note}
        </p>
      )}
    </div>
  );
}
