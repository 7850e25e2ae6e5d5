/** The screen before the first data: empty for a moment, then the logo, then the reason for the wait. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n';
import css from './App.module.css';

const WORDS_MS = 2000;

export function Booting() {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), WORDS_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <main class={css.booting} aria-busy="true">
      <img src="/icon.svg" alt="" width="64" height="64" />
      <p role="status">{isSlow ? (navigator.onLine ? t().connecting : t().noNetworkYet) : ''}</p>
    </main>
  );
}
