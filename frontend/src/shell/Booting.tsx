/** The screen before the first data: empty for a moment, then the logo, then the reason for the wait. */
import { useEffect, useState } from 'preact/hooks';
import { t } from '../i18n';
import { server } from '../store/session';
import css from './App.module.css';
import { preloadSignedOut } from './opened/SignedOutScreen';

const WORDS_MS = 2000;

export function Booting() {
  const [isSlow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), WORDS_MS);
    return () => clearTimeout(timer);
  }, []);
  // Known only where no chats are kept: then the next screen is the sign-in, unless the session goes on.
  const isAsked = server.value !== null;
  useEffect(() => {
    if (isAsked) void preloadSignedOut();
  }, [isAsked]);
  return (
    <main class={css.booting} aria-busy="true">
      <img src="/icon.svg" alt="" width="64" height="64" />
      <p role="status">{isSlow ? (navigator.onLine ? t().connecting : t().noNetworkYet) : ''}</p>
    </main>
  );
}
