/** The page is kept in the browser; a new version is taken at the next visit, or sooner when its reader asks. */
import { signal } from '@preact/signals';

/** The part of the browser's Trusted Types that is used here; TypeScript does not describe them yet. */
interface TrustedTypes {
  createPolicy(
    name: string,
    rules: { createScriptURL: (url: string) => string },
  ): { createScriptURL(url: string): unknown };
}

const LOOK_MS = 60 * 60_000;

/** The version that waits until the last page of this one is closed. */
export const waiting = signal<ServiceWorker | null>(null);

/** Keep the page itself in the browser, so that it opens without a network. Only where the connection is safe. */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const policy = trustedTypes?.createPolicy('service-worker', { createScriptURL: (url) => url });
  const kept = await navigator.serviceWorker
    .register((policy?.createScriptURL('/sw.js') ?? '/sw.js') as string)
    .catch(() => null);
  if (!kept) return;
  note(kept);
  kept.addEventListener('updatefound', () => kept.installing?.addEventListener('statechange', () => note(kept)));
  setInterval(() => kept.update().catch(() => {}), LOOK_MS);
}

function note({ waiting: next }: ServiceWorkerRegistration): void {
  // The first version of all has nobody to replace.
  waiting.value = navigator.serviceWorker.controller ? next : null;
}

/** Take the new version now: the page loads anew; drafts and unsent messages are kept. */
export function takeNew(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.value?.postMessage('take over');
}
