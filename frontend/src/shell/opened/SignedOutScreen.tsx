/** The screens without a session, loaded on first use: most visits have a session. */
import { t } from '../../i18n';
import { Button } from '../../ui/Button';
import { Empty } from '../../ui/Empty';
import css from '../App.module.css';
import { preload, useLoaded } from './loaded';

const load = () => import('./SignedOut').then(({ SignedOut }) => SignedOut);

/** Loads the screens while it is not known yet whether they are needed. */
export const preloadSignedOut = (): Promise<void> => preload(load).catch(() => {});

export function SignedOutScreen() {
  const { part: SignedOut, isFailed, retry } = useLoaded(load);
  if (SignedOut) return <SignedOut />;
  return (
    <main class={css.nothing} aria-busy={!isFailed}>
      {isFailed && (
        <Empty title={t().loadFailed}>
          <Button onClick={retry}>{t().tryAgain}</Button>
        </Empty>
      )}
    </main>
  );
}
