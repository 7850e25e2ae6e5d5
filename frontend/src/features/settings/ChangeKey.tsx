/** Waits for the new key of an act. */
import { useLayoutEffect, useState } from 'preact/hooks';
import type { Act } from '../../acts/act';
import { chooseChord, chordFrom, isFree } from '../../acts/chords';
import { t } from '../../i18n/screens/settings';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';

/** Keys of the dialog itself. */
const OWN = ['Tab', 'Escape', 'Enter', 'Space'];

export function ChangeKey({ act, onClose }: { act: Act; onClose: () => void }) {
  const [problem, setProblem] = useState('');
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const chord = chordFrom(event);
      const isHeld = event.ctrlKey || event.metaKey || event.altKey;
      if (!chord || (!isHeld && OWN.includes(event.code))) return;
      event.preventDefault();
      event.stopPropagation();
      if (isFree(act, chord)) {
        chooseChord(act.id, chord);
        onClose();
      } else setProblem(t().keyAlone);
    };
    addEventListener('keydown', onKey, { capture: true });
    return () => removeEventListener('keydown', onKey, { capture: true });
  }, [act, onClose]);
  return (
    <Dialog title={act.label()} onClose={onClose}>
      <p role="status">{problem || t().keyPress}</p>
      <Button
        onClick={() => {
          chooseChord(act.id);
          onClose();
        }}
      >
        {t().keyUsual}
      </Button>
    </Dialog>
  );
}
