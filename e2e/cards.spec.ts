/** Link cards: they come after the message, are the same for all, are removed, asked for, and switched off. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from '@playwright/test';
import { violations } from './axe';
import { atRest } from './boxes';
import { portrait } from './pictures';
import { LATER } from './sending';
import { expect, Server, Someone, test } from './world';

const SUMMARY = 'What the page says of itself, in so many words that they take more than one line of a card.';
const SMALL = { width: 320, height: 640 };
const link = (one: Someone) => one.page.getByRole('link', { name: 'A walk in the hills, site.example' });
const list = (one: Someone) => one.page.getByRole('list', { name: /link preview/ });

/** Runs an internet of one site, a server for which every name leads to it, and two people in a group of Ann's. */
async function onSite(
  browser: Browser,
  settings: Record<string, string>,
  run: (ann: Someone, bob: Someone, asked: readonly string[]) => Promise<void>,
): Promise<void> {
  const painter = await browser.newPage();
  const { buffer } = await portrait(painter, 150);
  await painter.close();
  const asked: string[] = [];
  const site = createServer(({ url = '' }, answer) => {
    asked.push(url);
    if (url === '/picture.jpg') answer.writeHead(200, { 'content-type': 'image/jpeg' }).end(buffer);
    else if (url === '/none') answer.writeHead(404).end();
    else
      answer.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(
        `<title>A walk in the hills</title><meta property="og:site_name" content="Journal">
        <meta property="og:description" content="${SUMMARY}"><meta property="og:image" content="/picture.jpg">`,
      );
  });
  site.listen(0, '127.0.0.1');
  await once(site, 'listening');
  const server = await Server.outside((site.address() as AddressInfo).port, settings);
  if (server) {
    const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
    await server.call('POST', '/chats', { kind: 'group', name: 'Hikers', member_ids: [bob.id] }, ann.token);
    const people = [await Someone.arrives(browser, server), await Someone.arrives(browser, server)] as const;
    await people[0].signIn(ann.email);
    await people[1].signIn(bob.email);
    for (const one of people) await one.open('Hikers');
    await run(...people, asked);
    for (const one of people) await one.context.close();
    await server.leave();
  }
  site.close();
}

test('a card comes below the words, shows a picture of ours, and its author removes it for all', async ({
  browser,
}) => {
  await onSite(browser, {}, async (ann, bob, asked) => {
    const foreign: string[] = [];
    bob.page.on('request', (request) => {
      if (new URL(request.url()).hostname === 'site.example') foreign.push(request.url());
    });
    await ann.say('Look: http://site.example/walk');
    for (const one of [ann, bob]) {
      await expect(link(one)).toHaveAttribute('href', 'http://site.example/walk', LATER);
      await expect(link(one)).toContainText('Journal · site.example');
      await expect(link(one)).toContainText(SUMMARY);
      await expect(link(one).locator('canvas')).toHaveCount(1);
      const picture = link(one).locator('img');
      await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), LATER).toBe(600);
      expect(await violations(one.page)).toEqual([]);
    }
    expect([...asked].sort()).toEqual(['/picture.jpg', '/walk']);
    expect(foreign).toEqual([]);
    await bob.message('Look').and(bob.page.locator('[data-seq]')).first().click({ button: 'right' });
    await expect(bob.page.getByRole('menuitem', { name: 'Reply' })).toBeVisible();
    await expect(bob.page.getByRole('menuitem', { name: 'Remove preview' })).toHaveCount(0);
    await bob.page.keyboard.press('Escape');
    await ann.choose('Look', 'Remove preview');
    for (const one of [ann, bob]) await expect(list(one)).toHaveCount(0);
    await bob.page.reload();
    await expect(bob.message('Look')).toBeVisible();
    await expect(list(bob)).toHaveCount(0);
  });
});

test('a member asks for a preview where the server asks no pages by itself', async ({ browser }) => {
  await onSite(browser, { CARDS: 'click' }, async (ann, bob, asked) => {
    await ann.say('http://site.example/walk');
    await ann.say('http://site.example/none');
    const ask = (path: string) => bob.message(path).getByRole('button', { name: 'Show preview' });
    await expect(ask('/walk')).toBeVisible();
    expect(asked).toEqual([]);
    expect(await violations(bob.page)).toEqual([]);
    await ask('/walk').press('Enter');
    for (const one of [ann, bob]) await expect(link(one)).toBeVisible(LATER);
    await ask('/none').click();
    await expect(bob.message('/none').getByRole('status')).toHaveText('The page has no preview', LATER);
    await expect(ask('/walk')).toHaveCount(0);
  });
});

test('an administrator of a group switches its previews off and on', async ({ browser }) => {
  await onSite(browser, {}, async (ann, bob, asked) => {
    const menu = (one: Someone) =>
      one.page
        .getByRole('navigation')
        .getByRole('link', { name: /^Hikers/ })
        .click({ button: 'right' });
    await menu(ann);
    await ann.page.getByRole('menuitem', { name: 'Hide previews of links' }).click();
    await menu(ann);
    await expect(ann.page.getByRole('menuitem', { name: 'Show previews of links' })).toBeVisible();
    await ann.page.keyboard.press('Escape');
    await bob.say('http://site.example/walk');
    await expect(ann.message('/walk')).toBeVisible();
    await menu(bob);
    await expect(bob.page.getByRole('menuitem', { name: 'Leave' })).toBeVisible();
    await expect(bob.page.getByRole('menuitem', { name: /previews of links/ })).toHaveCount(0);
    await bob.page.keyboard.press('Escape');
    expect(asked).toEqual([]);
    await menu(ann);
    await ann.page.getByRole('menuitem', { name: 'Show previews of links' }).click();
    await menu(ann);
    await expect(ann.page.getByRole('menuitem', { name: 'Hide previews of links' })).toBeVisible();
    await ann.page.keyboard.press('Escape');
    await bob.say('and now http://site.example/walk');
    await expect(link(ann)).toBeVisible(LATER);
  });
});

test('a card fits into the smallest screen', async ({ browser }) => {
  await onSite(browser, {}, async (ann, _, asked) => {
    await ann.say('http://site.example/walk');
    await expect(link(ann)).toBeVisible(LATER);
    await ann.page.setViewportSize(SMALL);
    await expect(link(ann)).toBeVisible();
    await atRest(ann, 'main, article, article ul');
    const wide = await ann.page.evaluate(() => document.scrollingElement?.scrollWidth ?? 0);
    expect(wide).toBeLessThanOrEqual(SMALL.width);
    // Both edges of the card are as far from those of the bubble.
    const room = await list(ann).evaluate((cards) => {
      const [card, bubble] = [cards, cards.parentElement ?? cards].map((one) => one.getBoundingClientRect());
      return card && bubble && { before: card.left - bubble.left, after: bubble.right - card.right };
    });
    expect(room?.before).toBeGreaterThan(8);
    expect(room?.after).toBeCloseTo(room?.before ?? 0, 0);
    expect(asked).toContain('/picture.jpg');
  });
});
