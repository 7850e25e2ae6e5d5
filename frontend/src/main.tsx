/** Boot: words, then what is kept, then the network. */
// First of all, because the order of the cascade's layers is the order in which they are named.
import './styles/tokens.css';
import './styles/base.css';

import { render } from 'preact';
import { lang, setLang } from './i18n';
import { backoff, sleep } from './lib/backoff';
import { App } from './shell/App';
import { boot } from './sync';

/** The part of the browser's Trusted Types that is used here; TypeScript does not describe them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown };
}

async function bootUntilItWorks(): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await boot();
      return;
    } catch {
      await sleep(Math.max(500, backoff(tries)));
    }
  }
}

/** Keep the page itself in the browser, so that it opens without a network. Only where the connection is safe. */
function keepShell(): void {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('service-worker', { createScriptURL: (url) => url });
  navigator.serviceWorker.register((policy?.createScriptURL('/sw.js') ?? '/sw.js') as string).catch(() => {});
}

await setLang(lang.value);
const root = document.getElementById('app');
if (root) render(<App />, root);
void bootUntilItWorks();
keepShell();
