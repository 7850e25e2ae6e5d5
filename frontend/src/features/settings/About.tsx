/** What this browser and the server keep, and which version the server and its page have. */
import { useEffect, useState } from 'preact/hooks';
import type { StorageView } from '../../api/types';
import { t } from '../../i18n/screens/settings';
import { takesFiles } from '../../store/mine/tray';
import { server } from '../../store/session';
import { myStorage } from '../../sync';
import css from './Settings.module.css';

export function Storage() {
  const [used, setUsed] = useState<number | null>(null);
  useEffect(() => {
    // Missing on plain HTTP.
    const asked = 'storage' in navigator ? navigator.storage.estimate() : Promise.resolve({ usage: undefined });
    asked.then(
      ({ usage }) => setUsed(usage ?? null),
      () => undefined,
    );
  }, []);
  return (
    <section>
      <h2>{t().storage}</h2>
      {used !== null && <p>{t().storageUsed(t().fileSize(used))}</p>}
      <p class={css.muted}>{t().storageHint}</p>
      {takesFiles() && <Files />}
    </section>
  );
}

/** Reports how much of the server's storage my files take, with those on their way. */
function Files() {
  const [held, setHeld] = useState<StorageView | null>(null);
  useEffect(() => {
    // Without a network there is nothing to report.
    myStorage().then(setHeld, () => undefined);
  }, []);
  return held && <p>{t().filesUsed(held.used + held.reserved, held.quota)}</p>;
}

export function About() {
  return (
    <section>
      <h2>{t().about}</h2>
      <p>{t().appName}</p>
      {server.value && <p class={css.muted}>{t().version(server.value.version)}</p>}
    </section>
  );
}
