/** No screen has anything that axe can find wrong, in either theme, language and width. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { everyScreen, WORDS } from './screens';
import { expect, Someone, test } from './world';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

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
      await page.evaluate(AXE);
      const violations = await page.evaluate('axe.run(document, { resultTypes: ["violations"] }).then((all) => all.violations)');
      for (const { id, nodes } of violations as { id: string; nodes: { html: string; failureSummary: string }[] }[]) {
        for (const { html, failureSummary } of nodes) (found[name] ??= []).push(`${id}: ${html} ${failureSummary}`);
      }
    });
    expect(found).toEqual({});
    await someone.context.close();
  });
}
