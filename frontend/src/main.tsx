/** Boot: words, then what is kept, then the network. */
// First of all, because the order of the cascade's layers is the order in which they are named.
import './styles/tokens.css';
import './styles/base.css';

import { render } from 'preact';
import { lang, setLang } from './i18n';
import { backoff, sleep } from './lib/backoff';
import { App } from './shell/App';
import { followHistory } from './shell/routes';
import { keepShell } from './shell/version';
import { boot, start } from './sync';

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

await setLang(lang.value);
start();
followHistory();
const root = document.getElementById('app');
if (root) render(<App />, root);
void bootUntilItWorks();
void keepShell();
