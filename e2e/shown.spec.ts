/** Takes the pictures of the README and of the installed page from the running client: `make pictures`. */
import { give, portrait } from './pictures';
import { PASSWORD } from './server';
import { say } from './talk';
import { expect, type Server, Someone, test } from './world';

const at = (path: string): string => new URL(`../${path}`, import.meta.url).pathname;
const WIDE = { viewport: { width: 1280, height: 800 } };
const NARROW = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

type Person = Awaited<ReturnType<Server['person']>>;

/** Creates a server of friends who plan a weekend; returns its first account. */
async function friends(server: Server, { page }: Someone): Promise<string> {
  const email = 'anna@example.org';
  const { setup } = server;
  const body = { email, password: PASSWORD, name: 'Anna', server_name: 'Lake house', ...(setup ? { setup } : {}) };
  const anna = await server.call<{ user: { id: number }; access_token: string }>('POST', '/auth/register', body);
  const me = { id: anna.user.id, email, token: anna.access_token };
  const people: Person[] = [];
  for (const name of ['Boris', 'Kate Miller', 'Vera', 'Dmitri']) people.push(await server.person(name));
  const [boris, kate, vera, dmitri] = people as [Person, Person, Person, Person];
  for (const [hue, one] of [me, boris, kate, vera].entries())
    await give(server, '/users/me', await portrait(page, 20 + hue * 85), one.token);
  for (const [one, theirs, mine] of [
    [dmitri, 'The canoe is repaired.', 'Wonderful, thank you!'],
    [vera, 'I will be there at noon.', ''],
    [boris, 'Have you seen the forecast?', 'Sun on both days'],
  ] as const) {
    const chat = { kind: 'direct', user_id: one.id };
    const { id } = await server.call<{ id: number }>('POST', '/chats', chat, me.token);
    await say(server, one, id, theirs);
    if (mine) await say(server, me, id, mine);
  }
  const group = { kind: 'group', name: 'Weekend at the lake', member_ids: people.map((one) => one.id) };
  const { id } = await server.call<{ id: number }>('POST', '/chats', group, me.token);
  await say(server, boris, id, 'Who is coming **on Saturday**? The train leaves at 9:10.');
  const asked = await say(server, kate, id, 'I am. Shall I bring the _big_ tent?');
  await say(server, kate, id, 'It is light, really.');
  await say(server, me, id, 'Yes, please. The way: https://maps.example.org/lake', { reply_to: asked.seq });
  await say(server, vera, id, 'Shopping:\n```\nbread\ncheese\ntomatoes\n```');
  await say(server, boris, id, '@Anna will you bring the guitar?', { mentions: [me.id] });
  await say(server, me, id, 'Of course');
  await say(server, me, id, 'See you at the station 🎉');
  for (const [who, emoji] of [
    [boris, '👍'],
    [vera, '👍'],
    [me, '❤️'],
  ] as const) {
    const path = `/chats/${id}/messages/${asked.seq}/reactions/${encodeURIComponent(emoji)}`;
    await server.call('PUT', path, undefined, who.token);
  }
  const { head_seq: seq } = await server.call<{ head_seq: number }>('GET', `/chats/${id}`, undefined, me.token);
  for (const one of people) await server.call('PUT', `/chats/${id}/read`, { seq }, one.token);
  return email;
}

test('pictures of the README and of the installed page @pictures', async ({ browser, server, someone }) => {
  test.setTimeout(120_000);
  const wide = await someone(WIDE);
  const phone = await someone(NARROW);
  const sharp = await Someone.arrives(browser, server, { ...NARROW, deviceScaleFactor: 2 });
  await phone.page.goto(server.entrance);
  await phone.page.locator('form').waitFor();
  await phone.page.screenshot({ path: at('docs/images/first-run.png') });
  const email = await friends(server, wide);
  for (const [one, name] of [
    [wide, 'frontend/public/screenshot-wide.png'],
    [sharp, 'frontend/public/screenshot-narrow.png'],
  ] as const) {
    await one.signIn(email);
    await one.open('Weekend at the lake');
    await expect(one.message('station')).toBeInViewport();
    await expect(one.page.getByRole('img', { name: 'read' }).last()).toBeVisible();
    await one.page.waitForLoadState('networkidle');
    // The label of the day fades after the list has come to rest.
    await one.page.waitForTimeout(1500);
    await one.page.screenshot({ path: at(name) });
  }
  await sharp.context.close();
  await phone.signIn(email);
  await phone.page.waitForLoadState('networkidle');
  await phone.page.screenshot({ path: at('docs/images/chats.png') });
});
