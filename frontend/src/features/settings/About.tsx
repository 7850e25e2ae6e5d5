/** What this browser keeps, and which version the server and its page have. */
import { useEffect, useState } from 'preact/hooks';
import { lang, t } from '../../i18n';
import { each } from '../../lib/time';
import { server } from '../../store/session';
import css from './Settings.module.css';

const MEGABYTE = 1_000_000;
const megabytes = each(
  (language) => new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }),
);

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
      {used !== null && <p>{t().storageUsed(megabytes(lang.value).format(used / MEGABYTE))}</p>}
      <p class={css.muted}>{t().storageHint}</p>
    </section>
  );
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
