/** Starts the page: the kept image and the texts, then the network. */
// First of all, because the order of the cascade's layers is the order in which they are named.
import './styles/tokens.css';
import './styles/base.css';

import { render } from 'preact';
import { startLang } from './i18n';
import { ignoreComposing } from './lib/browser';
import { retry } from './lib/retry';
import { App } from './shell/App';
import { followHistory, route } from './shell/routes';
import { keepShell } from './shell/version';
import { boot, start } from './sync';

ignoreComposing(window);
start();
followHistory();
const { value: at } = route;
void retry(() => boot(at.screen === 'chat' && !at.seq ? at.chatId : null));
await startLang();
const root = document.getElementById('app');
if (root) render(<App />, root);
void keepShell();
