/** Files that a scanner of viruses refuses: their sender sees why, and the others nothing. */
import { createServer, type Socket } from 'node:net';
import { choose, LATER, link, pairOn, send } from './sending';
import { expect, test } from './world';

/** The harmless file that every scanner finds; made here, so that none stops at this module. */
const EICAR = String.raw`X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR_STANDARD_ANTIVIRUS_TEST_FILE!$H+H*`.replaceAll('_', '-');

/** Says whether all of a file has come: after the command, parts with their lengths, the last without bytes. */
function isWhole(seen: Buffer): boolean {
  let at = 'zINSTREAM '.length;
  while (at + 4 <= seen.length) {
    const size = seen.readUInt32BE(at);
    if (!size) return true;
    at += 4 + size;
  }
  return false;
}

/** Answers as clamd does, to a whole file. */
function judge(line: Socket): void {
  let seen = Buffer.alloc(0);
  line.on('error', () => line.destroy());
  line.on('data', (part) => {
    seen = Buffer.concat([seen, part as Buffer]);
    if (isWhole(seen)) line.end(seen.includes(EICAR) ? 'stream: Test-Virus FOUND\0' : 'stream: OK\0');
  });
}

test('the sender of an infected file sees why it was not sent, and other files go out', async ({ browser }) => {
  const scanner = createServer(judge);
  await new Promise<void>((ready) => scanner.listen(0, '127.0.0.1', ready));
  const address = scanner.address();
  const port = typeof address === 'object' && address?.port;
  await pairOn(browser, { SCAN_URL: `clamd://127.0.0.1:${port}` }, async (_, ann, bob) => {
    const plain = (name: string, words: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(words) });
    await choose(ann.page, plain('virus.txt', EICAR));
    await send(ann.page).click();
    const refusal = ann.message('virus.txt').getByRole('alert');
    await expect(refusal).toHaveText('The scanner of viruses found something in this file.', LATER);
    await choose(ann.page, plain('plan.txt', 'The plan'));
    await send(ann.page).click();
    await expect(link(bob.page, 'plan.txt')).toHaveCount(1, LATER);
    await expect(bob.page.getByText('virus.txt')).toHaveCount(0);
  });
  scanner.close();
});
