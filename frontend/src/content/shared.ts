/** Words and files that another program shares with the installed page. */

export interface Shared {
  text: string;
  files: readonly File[];
}

/** The name of what the service worker keeps (`worker/service-worker.ts`). */
const KEPT = 'shared';

/** Returns the shared words of an address or a form: title, text and link, each once. */
export function sharedWords(given: URLSearchParams | FormData): string {
  const parts = ['title', 'text', 'url'].map((name) => String(given.get(name) ?? '').trim());
  return parts.filter((part, place) => part && parts.indexOf(part) === place).join('\n');
}

/** Takes what the service worker has kept, once; `null` if there is nothing. */
export async function takeShared(): Promise<Shared | null> {
  try {
    const kept = await (await caches.open(KEPT)).match('/share');
    await caches.delete(KEPT);
    const form = await kept?.formData();
    return form ? { text: sharedWords(form), files: form.getAll('files').filter((one) => one instanceof File) } : null;
  } catch {
    return null;
  }
}
