/** Files that are chosen, sent and downloaded in the browser of a test. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Browser, Page } from '@playwright/test';
import { expect, pairOf, Server, Someone, test } from './world';

export const MIB = 1024 * 1024;
/** Twelve seconds pass before a file of this size has arrived at a server with this rate: time to see it on its way. */
export const SLOW = { FILES_RATE: '1MiB' };
export const LARGE = 12 * MIB + 7;
export const LATER = { timeout: 40_000 };

export const file = (name: string, size = 10, mimeType = 'application/octet-stream') => ({
  name,
  mimeType,
  buffer: randomBytes(size),
});

export const tray = (page: Page) => page.getByRole('list', { name: 'Files to send' });
export const link = (page: Page, name: string) => page.getByRole('link', { name: `Download ${name}` });
export const send = (page: Page) => page.getByRole('button', { name: 'Send', exact: true });

export async function choose(page: Page, ...files: ReturnType<typeof file>[]): Promise<void> {
  // On a touch screen the camera has one too.
  await page.locator('main form input[type=file]').first().setInputFiles(files);
  await expect(tray(page)).toBeVisible();
}

export async function downloaded(page: Page, name: string): Promise<Buffer> {
  const coming = page.waitForEvent('download');
  await link(page, name).click();
  return readFile(await (await coming).path());
}

/** Gives the page a file that is dropped on an element or pasted there. */
export const bring = (page: Page, selector: string, how: 'drop' | 'paste', name: string): Promise<void> =>
  page
    .locator(selector)
    .first()
    .evaluate(
      (place, { how, name }) => {
        const data = new DataTransfer();
        data.items.add(new File(['x'], name));
        const given = { bubbles: true, cancelable: true };
        place.dispatchEvent(
          how === 'paste'
            ? new ClipboardEvent(how, { ...given, clipboardData: data })
            : new DragEvent(how, { ...given, dataTransfer: data }),
        );
      },
      { how, name },
    );

/** Waits until a part of a large upload is on its way. */
export async function hasBegun(page: Page, name: string): Promise<void> {
  const progress = page.getByRole('progressbar', { name: `Upload of ${name}` });
  await expect.poll(() => progress.getAttribute('value').then(Number), LATER).toBeGreaterThan(MIB);
}

/** Runs a test on a server with settings of its own. */
export async function onServer(
  settings: Record<string, string>,
  run: (server: Server) => Promise<void>,
): Promise<void> {
  const server = await Server.set(settings);
  test.skip(!server, 'a running deployment has its own settings');
  if (!server) return;
  await run(server);
  await server.leave();
}

/** Runs a test with two people on a server with settings of its own. */
export const pairOn = (
  browser: Browser,
  settings: Record<string, string>,
  run: (server: Server, ann: Someone, bob: Someone) => Promise<void>,
): Promise<void> =>
  onServer(settings, async (server) => {
    const people: Someone[] = [];
    const [ann, bob] = await pairOf(server, async () => {
      const one = await Someone.arrives(browser, server);
      people.push(one);
      return one;
    });
    await run(server, ann, bob);
    for (const one of people) await one.context.close();
  });
