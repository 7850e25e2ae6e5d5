/**
 * Takes pictures of every screen at four widths, light and dark, in both languages, a sheet for each screen, and one
 * of all: `make screenshots`.
 */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { edgeScreens, inviteScreens } from './edges';
import { everyScreen, WORDS } from './screens';
import { Server, Someone, test } from './world';

const FOLDER = new URL('../screenshots/', import.meta.url).pathname;
const SHEET = 'sheet';
const SIZES = {
  phone: { width: 360, height: 740 },
  tablet: { width: 768, height: 1024 },
  desktop: { width: 1280, height: 800 },
  wide: { width: 1920, height: 1080 },
};

for (const language of ['en', 'ru'] as const) {
  for (const size of Object.keys(SIZES) as (keyof typeof SIZES)[]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      test(`screens ${language} ${size} ${colorScheme} @screenshots`, async ({ browser, server }) => {
        test.setTimeout(180_000);
        mkdirSync(FOLDER, { recursive: true });
        const words = WORDS[language];
        const options = { viewport: SIZES[size], colorScheme, locale: words.locale };
        const visit = async ({ page }: Someone, name: string): Promise<void> => {
          await page.waitForTimeout(350);
          await page.screenshot({ path: `${FOLDER}${name}-${language}-${size}-${colorScheme}.png` });
        };
        const someone = await Someone.arrives(browser, server, options);
        await everyScreen(someone, server, words, (name) => visit(someone, name));
        await someone.context.close();
        const others = await Server.started();
        const another = await Someone.arrives(browser, others, options);
        await edgeScreens(another, others, words, (name) => visit(another, name));
        await another.context.close();
        await others.leave();
        const closed = await Server.byInvite();
        if (!closed) return;
        const people = [];
        for (let n = 0; n < 3; n += 1) people.push(await Someone.arrives(browser, closed, options));
        await inviteScreens(people, closed, words, visit);
        for (const one of people) await one.context.close();
        await closed.leave();
      });
    }
  }
}

test('one sheet with all of them @screenshots', async ({ page }) => {
  test.setTimeout(180_000);
  const looks = Object.keys(SIZES).flatMap((size) =>
    ['en', 'ru'].flatMap((language) => ['light', 'dark'].map((scheme) => `${language}-${size}-${scheme}`)),
  );
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.png') && !name.startsWith(SHEET));
  const names = [...new Set(files.map((name) => name.replace(/-(en|ru)-.*/, '')))];
  const row = (name: string) =>
    `<tr><th>${name}</th>${looks.map((look) => `<td><img src="${name}-${look}.png"></td>`).join('')}</tr>`;
  const head = `<tr><th></th>${looks.map((look) => `<th>${look}</th>`).join('')}</tr>`;
  const style =
    'body{font:13px sans-serif;margin:16px}img{height:260px;display:block;border:1px solid #ccc}td{padding:4px}';
  writeFileSync(
    `${FOLDER}sheet.html`,
    `<meta charset="utf-8"><style>${style}</style><table>${head}${names.map(row).join('')}</table>`,
  );
  await page.setViewportSize({ width: 4800, height: 1200 });
  await page.goto(`file://${FOLDER}sheet.html`);
  await page.screenshot({ path: `${FOLDER}${SHEET}.png`, fullPage: true });
  await page.addStyleTag({
    content: 'table,tbody,tr{display:block}img{height:520px}td{display:inline-block}th{display:none}',
  });
  await page.setViewportSize({ width: 3000, height: 1200 });
  for (const [place, name] of names.entries())
    await page
      .locator('tr')
      .nth(place + 1)
      .screenshot({ path: `${FOLDER}${SHEET}-${name}.png` });
});
