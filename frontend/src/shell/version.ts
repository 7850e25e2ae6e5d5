/** The page is kept in the browser; a new version is used from the next visit, or sooner if the reader asks. */
import { signal } from '@preact/signals';
import { trustedUrl } from '../lib/trusted';

const LOOK_MS = 60 * 60_000;

/** The version that waits until the last page of the current one is closed. */
export const waiting = signal<ServiceWorker | null>(null);

/** Keeps the page itself in the browser, so that it opens without a network. Only on a secure connection. */
export async function keepShell(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
  const kept = await navigator.serviceWorker.register(trustedUrl('service-worker', '/sw.js')).catch(() => null);
  if (!kept) return;
  note(kept);
  kept.addEventListener('updatefound', () => kept.installing?.addEventListener('statechange', () => note(kept)));
  setInterval(() => kept.update().catch(() => {}), LOOK_MS);
}

function note({ waiting: next }: ServiceWorkerRegistration): void {
  // The very first version has no predecessor.
  waiting.value = navigator.serviceWorker.controller ? next : null;
}

/** Takes the new version now: the page reloads; drafts and unsent messages are kept. */
export function takeNew(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  waiting.value?.postMessage('take over');
}
