/** Keeps the built page in the browser. A new version waits until the last page of the old one is closed, or asks. */
import {
  cleanupOutdatedCaches,
  createHandlerBoundToURL,
  type PrecacheEntry,
  precacheAndRoute,
} from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';

/** Filled in by the build: the files of the shell, and the paths of files that are loaded on first use. */
declare const SHELL: PrecacheEntry[];
declare const LAZY: string[];

const USED = 'used';
/** What another program has shared: the page takes it (`content/shared.ts`). */
const SHARED = 'shared';

cleanupOutdatedCaches();
// No index of folders: `/` is a navigation, and the kept page was not requested as one (`Vary: Accept`).
precacheAndRoute(SHELL, { directoryIndex: '' });
registerRoute(new NavigationRoute(createHandlerBoundToURL('/index.html'), { denylist: [/^\/api\//, /^\/docs/] }));
registerRoute(({ sameOrigin, url }) => sameOrigin && LAZY.includes(url.pathname), new CacheFirst({ cacheName: USED }));
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && url.pathname === '/share',
  ({ request }) => share(request),
  'POST',
);
addEventListener('message', (event) => {
  if (event.data === 'take over') void (globalThis as unknown as { skipWaiting: () => Promise<void> }).skipWaiting();
});
addEventListener('activate', (event) => (event as Event & { waitUntil(done: Promise<void>): void }).waitUntil(tidy()));

/** Keeps what another program shares, as it came, and leads to the page. Without room for it the page finds nothing. */
async function share(request: Request): Promise<Response> {
  const headers = { 'content-type': request.headers.get('content-type') ?? '' };
  const given = new Response(await request.blob(), { headers });
  await caches
    .open(SHARED)
    .then((kept) => kept.put('/share', given))
    .catch(() => {});
  return Response.redirect('/?shared', 303);
}

/** Deletes the cached files of older versions. */
async function tidy(): Promise<void> {
  const used = await caches.open(USED);
  for (const { url } of await used.keys()) if (!LAZY.includes(new URL(url).pathname)) await used.delete(url);
}
