/** Keeps the built page in the browser. A new version waits until the last page of the old one is closed, or asks. */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';

/** Put here by the build: the files of the shell. */
declare const SHELL: PrecacheEntry[];

cleanupOutdatedCaches();
// No index of folders: `/` is a navigation, and the page that is kept was not asked for as one (`Vary: Accept`).
precacheAndRoute(SHELL, { directoryIndex: '' });
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/docs/] }));
addEventListener('message', (event) => {
  if (event.data === 'take over') void (globalThis as unknown as { skipWaiting: () => Promise<void> }).skipWaiting();
});
