/** Every screen at both widths, light and dark, in both languages: `make screenshots` writes them to /screenshots. */
import { mkdirSync } from 'node:fs';
import { everyScreen, WORDS } from './screens';
import { Someone, test } from './world';

const FOLDER = new URL('../screenshots/', import.meta.url).pathname;
const SIZES = { phone: { width: 360, height: 740 }, desktop: { width: 1280, height: 800 } };

for (const language of ['en', 'ru'] as const) {
  for (const size of ['phone', 'desktop'] as const) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`screens ${language} ${size} ${colorScheme} @screenshots`, async ({ browser, server }) => {
        mkdirSync(FOLDER, { recursive: true });
        const words = WORDS[language];
        const someone = await Someone.arrives(browser, server, { viewport: SIZES[size], colorScheme, locale: words.locale });
        await everyScreen(someone, server, words, async (name) => {
          await someone.page.waitForTimeout(350);
          await someone.page.screenshot({ path: `${FOLDER}${name}-${language}-${size}-${colorScheme}.png` });
        });
        await someone.context.close();
      });
    }
  }
}
