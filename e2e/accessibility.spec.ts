/** No screen has anything that axe can find wrong, in either theme, language and width. */
import { violations } from './axe';
import { everyScreen, WORDS } from './screens';
import { expect, Someone, test } from './world';

const LOOKS = [
  { language: 'en', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { language: 'ru', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
] as const;

for (const { language, ...look } of LOOKS) {
  test(`axe finds nothing: ${language}, ${look.viewport.width} px, ${look.colorScheme}`, async ({ browser, server }) => {
    const words = WORDS[language];
    const someone = await Someone.arrives(browser, server, { ...look, locale: words.locale, reducedMotion: 'reduce' });
    const { page } = someone;
    const found: Record<string, string[]> = {};
    await everyScreen(someone, server, words, async (name) => {
      await page.waitForTimeout(200);
      const wrong = await violations(page);
      if (wrong.length) found[name] = wrong;
    });
    expect(found).toEqual({});
    await someone.context.close();
  });
}
