/** A link to share: shown whole, copied with one press. */
import { useState } from 'preact/hooks';
import { t } from '../i18n';
import { Button } from './Button';
import css from './CopyField.module.css';
import { toClipboard } from './clipboard';
import { toast } from './Toast';

export function CopyField({ label, value }: { label: string; value: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await toClipboard({ text: value });
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div class={css.copy}>
      <input readOnly aria-label={label} value={value} onFocus={(event) => event.currentTarget.select()} />
      <Button icon={isCopied ? 'check' : 'copy'} kind="primary" onClick={() => copy().catch(() => toast(t().failed))}>
        {isCopied ? t().copied : t().copy}
      </Button>
    </div>
  );
}
