/** Documents in messages: the first page of a PDF in its row. */
import { violations } from './axe';
import { downloaded, LATER } from './sending';
import { expect, test } from './world';

const PLAN = Buffer.from(
  `%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R 3 0 R]/Count 2>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>endobj
4 0 obj<</Length 38>>stream
0.1 0.3 0.9 rg 72 300 400 300 re f    
endstream endobj
trailer<</Root 1 0 R>>
`,
);

test('a PDF shows its first page and how many it has, and is downloaded as it was sent', async ({ pair }) => {
  const [ann, bob] = await pair();
  await ann.page.locator('main form input[type=file]').first().setInputFiles({
    name: 'plan.pdf',
    mimeType: 'application/pdf',
    buffer: PLAN,
  });
  await ann.say('the plan');
  const row = bob.message('the plan');
  await expect(row).toContainText('2 pages', LATER);
  const picture = row.locator('a img');
  await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth), LATER).toBe(566);
  expect(await violations(bob.page)).toEqual([]);
  expect((await downloaded(bob.page, 'plan.pdf')).equals(PLAN)).toBe(true);
});
