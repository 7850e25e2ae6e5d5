/** The settings, loaded on first use: they take the focus and give it back, and Escape leaves them. */
import { useLayoutEffect } from 'preact/hooks';
import { t } from '../i18n';
import { isEditable, visited } from '../lib/browser';
import { Button, IconButton } from '../ui/Button';
import { Empty } from '../ui/Empty';
import { isCovered } from '../ui/over';
import css from './App.module.css';
import { useLoaded } from './opened/loaded';
import { focusHeading, hasFocus } from './place/focus';
import { goHome, leaveSettings, openSettings } from './routes';

const load = () => import('../features/settings/Settings').then(({ Settings }) => Settings);

export function SettingsScreen({ section }: { section: string }) {
  const { part: Settings, isFailed, retry } = useLoaded(load);
  const isShown = Settings !== undefined;
  useLayoutEffect(() => visited(() => {}), []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: on narrow screens another page hides what had the focus
  useLayoutEffect(() => {
    if (isShown && !hasFocus('main')) focusHeading('main');
  }, [isShown, section]);
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || event.defaultPrevented || isCovered()) return;
      // The first Escape only leaves the field.
      if (isEditable(document.activeElement)) focusHeading('main');
      else leaveSettings();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
  if (Settings) return <Settings section={section} onBack={leaveSettings} onOpen={openSettings} onSignedOut={goHome} />;
  return (
    <main class={css.nothing} aria-busy={!isFailed}>
      {isFailed && (
        <Empty title={t().loadFailed}>
          <Button onClick={retry}>{t().tryAgain}</Button>
          <IconButton icon="back" label={t().back} onClick={leaveSettings} />
        </Empty>
      )}
    </main>
  );
}
