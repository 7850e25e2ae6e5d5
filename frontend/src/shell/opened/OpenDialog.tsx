/** The open dialog: a loading one takes the keys already, and hands on the words that are typed meanwhile. */
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Context } from '../../acts/act';
import { t } from '../../i18n';
import { nextFrame } from '../../lib/browser';
import { Button } from '../../ui/Button';
import { Dialog } from '../../ui/Dialog';
import { type Dialogue, loadOf, typed } from '../dialogs';
import css from './Dialogs.module.css';
import { useLoaded } from './loaded';

interface Props {
  thing: Dialogue;
  context: Context;
  onClose: () => void;
}

/** Types words, then Enter, in the field that has the focus. */
function typeIn({ words, isEntered }: { words: string; isEntered: boolean }): void {
  if (words) document.execCommand('insertText', false, words);
  const enter = new KeyboardEvent('keydown', { key: 'Enter', bubbles: true });
  // By then the found things are drawn.
  if (isEntered) nextFrame(() => document.activeElement?.dispatchEvent(enter));
}

export function OpenDialog({ thing, context, onClose }: Props) {
  const load = loadOf(thing);
  const { part: View, isFailed, retry } = useLoaded(load);
  const early = useRef({ words: '', isEntered: false });
  useLayoutEffect(() => {
    if (!View) return;
    typeIn(early.current);
    early.current = { words: '', isEntered: false };
  }, [View]);
  if (View) return <View thing={thing} context={context} onClose={onClose} />;
  return (
    <Dialog title={isFailed ? t().loadFailed : t().loading} onClose={onClose}>
      {isFailed ? (
        <div class={css.actions}>
          <p role="alert">{t().noNetwork}</p>
          <Button kind="primary" onClick={retry}>
            {t().tryAgain}
          </Button>
        </div>
      ) : (
        <div class={css.waiting}>
          {typed.some((one) => one === load) && (
            <input
              autofocus
              aria-label={t().loading}
              onInput={(event) => {
                early.current.words = event.currentTarget.value;
              }}
              onKeyDown={(event) => {
                early.current.isEntered ||= event.key === 'Enter';
              }}
            />
          )}
          <p role="status" aria-busy="true">
            {t().loading}
          </p>
        </div>
      )}
    </Dialog>
  );
}
