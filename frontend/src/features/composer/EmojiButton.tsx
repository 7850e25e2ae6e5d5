/** The button that opens the emoji picker and loads it on first use. */
import type { FunctionComponent } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { t } from '../../i18n';
import { IconButton } from '../../ui/Button';
import { toast } from '../../ui/Toast';

type Picker = FunctionComponent<{ anchor: HTMLElement; onPick: (mark: string) => void; onClose: () => void }>;

export function EmojiButton({ onPick }: { onPick: (mark: string) => void }) {
  const place = useRef<HTMLSpanElement>(null);
  const [picker, setPicker] = useState<{ Picker: Picker } | null>(null);
  const open = (): void => {
    import('../../content/picker/EmojiPicker').then(
      ({ EmojiPicker }) => setPicker({ Picker: EmojiPicker }),
      () => toast(t().emojiFailed),
    );
  };
  return (
    <span ref={place}>
      <IconButton
        icon="emoji"
        label={t().emoji}
        aria-haspopup="dialog"
        aria-expanded={picker !== null}
        onClick={open}
      />
      {picker && place.current && (
        <picker.Picker anchor={place.current} onPick={onPick} onClose={() => setPicker(null)} />
      )}
    </span>
  );
}
