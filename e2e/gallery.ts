/** Visits the tabs of a gallery. */
import type { Page } from '@playwright/test';

/** Shows each tab of the gallery of a chat to `visit(name)`, once it has its items or says that there are none. */
export async function galleryScreens(page: Page, chat: number, visit: (name: string) => Promise<void>): Promise<void> {
  for (const tab of ['photos', 'files', 'links', 'voice']) {
    await page.goto(`/chat/${chat}/gallery/${tab}`);
    await page.getByRole('tabpanel').locator('li, p:not([role=status])').first().waitFor();
    await visit(`gallery-${tab}`);
  }
  await page.goto(`/chat/${chat}`);
  await page.locator('article').last().waitFor();
}
