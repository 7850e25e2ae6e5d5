/** The settings, loaded on first use. */
import { t } from '../i18n';
import { Button, IconButton } from '../ui/Button';
import { Empty } from '../ui/Empty';
import css from './App.module.css';
import { useLoaded } from './opened/loaded';

const load = () => import('../features/settings/Settings').then(({ Settings }) => Settings);

export function SettingsScreen(props: { onBack: () => void; section: string; onOpen: (page: string) => void }) {
  const { part: Settings, isFailed, retry } = useLoaded(load);
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
