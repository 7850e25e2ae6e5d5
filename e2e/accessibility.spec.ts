/** Checks every screen with axe in both themes, languages and widths; there must be no findings. */
import { violations } from './axe';
import { edgeScreens, inviteScreens } from './edges';
import { everyScreen, WORDS } from './screens';
import { expect, Server, Someone, test } from './world';

const LOOKS = [
  { language: 'en', viewport: { width: 1280, height: 800 }, colorScheme: 'light' },
  { language: 'ru', viewport: { width: 360, height: 740 }, colorScheme: 'dark' },
] as const;

/** Returns the findings of axe by screen. */
function finder() {
  const found: Record<string, string[]> = {};
  const look = async ({ page }: Someone, name: string): Promise<void> => {
    await page.waitForTimeout(200);
    const wrong = await violations(page);
    if (wrong.length) found[name] = wrong;
  };
  return { found, look };
}

for (const { language, ...look } of LOOKS) {
  const words = WORDS[language];
  const options = { ...look, locale: words.locale, reducedMotion: 'reduce' } as const;
  const where = `${language}, ${look.viewport.width} px, ${look.colorScheme}`;

  test(`axe finds nothing: ${where}`, async ({ server, someone }) => {
    test.slow(); // every screen: half a minute on a quiet machine
    const one = await someone(options);
    const { found, look } = finder();
    await everyScreen(one, server, words, (name) => look(one, name));
    expect(found).toEqual({});
  });

  test(`axe finds nothing at the edges: ${where}`, async ({ server, someone }) => {
    const one = await someone(options);
    const { found, look } = finder();
    await edgeScreens(one, server, words, (name) => look(one, name));
    expect(found).toEqual({});
  });

  test(`axe finds nothing where people need an invite: ${where}`, async ({ browser }) => {
    const server = await Server.byInvite();
    test.skip(!server, 'the deployment that runs lets everybody register');
    if (!server) return;
    const people = [];
    for (let n = 0; n < 3; n += 1) people.push(await Someone.arrives(browser, server, options));
    const { found, look } = finder();
    await inviteScreens(people, server, words, look);
    expect(found).toEqual({});
    for (const one of people) await one.context.close();
    await server.leave();
  });
}
