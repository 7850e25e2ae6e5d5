/** The settings, loaded on first use: they take the focus and give it back, and Escape leaves them. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n';
import { isEditable, visited } from '../lib/browser';
import { Button, IconButton } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { isCovered } from '../ui/over';
import css from './App.module.css';
import { useLoaded } from './opened/loaded';
import { focusHeading } from './place/focus';

const load = () => import('../features/settings/Settings').then(({ Settings }) => Settings);

export function SettingsScreen(props: { onBack: () => void; section: string; onOpen: (page: string) => void }) {
  const { part: Settings, isFailed, retry } = useLoaded(load);
  const { onBack } = props;
  const back = useRef(onBack);
  back.current = onBack;
  const isShown = Settings !== undefined;
  useLayoutEffect(() => visited(() => {}), []);
  useLayoutEffect(() => {
    if (isShown) focusHeading('main');
  }, [isShown]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isCovered()) return;
      // The first Escape only leaves the field.
      if (isEditable(document.activeElement)) focusHeading('main');
      else back.current();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  if (Settings) return <Settings {...props} />;
  return (
    <main class={css.nothing} aria-busy={!isFailed}>
      {isFailed && (
        <Empty title={t().loadFailed}>
          <Button onClick={retry}>{t().tryAgain}</Button>
          <IconButton icon="back" label={t().back} onClick={props.onBack} />
        </Empty>
      )}
    </main>
  );
}
