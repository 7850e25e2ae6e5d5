/** Starts the page: texts, then the kept image, then the network. */
// First of all, because the order of the cascade's layers is the order in which they are named.
import './styles/tokens.css';
import './styles/base.css';

import { render } from 'preact';
import { startLang } from './i18n';
import { ignoreComposing } from './lib/browser';
import { retry } from './lib/retry';
import { App } from './shell/App';
import { followHistory } from './shell/routes';
import { keepShell } from './shell/version';
import { boot, start } from './sync';

ignoreComposing(window);
await startLang();
start();
followHistory();
const root = document.getElementById('app');
if (root) render(<App />, root);
void retry(boot);
void keepShell();
