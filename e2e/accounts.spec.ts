/** The activity of an account, and the people whose invite links admit newcomers. */
import type { Locator } from '@playwright/test';
import { PASSWORD } from './server';
import { expect, Server, Someone, test } from './world';

const trail = ({ page }: Someone) => page.getByRole('region', { name: 'Account activity' });

test('a person sees sign-ins, ended sessions and passwords of the account, and the administrator those of all', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  const [one, other] = [await someone(), await someone()];
  await other.page.goto('/');
  await other.page.getByLabel('E-mail').fill(bob.email);
  await other.page.getByLabel('Password', { exact: true }).fill('not this one');
  await other.page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(other.page.getByRole('alert')).toBeVisible();
  await other.signIn(bob.email);
  await one.signIn(bob.email);
  await one.page.goto('/settings/privacy');
  await expect(trail(one).getByRole('listitem')).toHaveText([
    /Signed in/,
    /Signed in/,
    /Failed sign-in.*\d/,
    /Signed in/,
    /Account created/,
  ]);
  await one.page.getByRole('link', { name: 'Sessions' }).click();
  await one.page.getByRole('button', { name: 'End', exact: true }).first().click();
  await expect(other.page.getByRole('heading', { name: /Sign in/ })).toBeVisible();
  await one.page.getByRole('link', { name: 'Privacy' }).click();
  await one.page.getByLabel('Current password').fill(PASSWORD);
  await one.page.getByLabel('New password').fill('another horse battery');
  await one.page.getByRole('button', { name: 'Change password' }).click();
  await expect(one.page.getByText('Password changed. Your other sessions have ended.')).toBeVisible();
  await one.page.reload();
  await expect(trail(one).getByRole('listitem').filter({ hasText: 'Password changed' })).toHaveCount(1);
  await expect(trail(one).getByRole('listitem').filter({ hasText: 'Session ended' })).not.toHaveCount(0);
  await expect(trail(one)).not.toContainText('The whole server');

  const admin = await someone();
  await admin.signIn(ann.email);
  await admin.page.goto('/settings/privacy');
  await expect(trail(admin).getByRole('listitem')).toHaveText([/Signed in/, /Signed in/, /Account created/]);
  await trail(admin).getByText('The whole server').click();
  await expect(
    trail(admin)
      .getByRole('listitem')
      .filter({ hasText: /^Bob.*Password changed/ }),
  ).toHaveCount(1);
  await expect(
    trail(admin)
      .getByRole('listitem')
      .filter({ hasText: /^Ann.*Account created/ }),
  ).toHaveCount(1);
});

test('account activity loads in pages; a late answer of the other choice and a lost network do no harm', async ({
  server,
  someone,
}) => {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  for (let n = 0; n < 24; n += 1) await server.call('POST', '/auth/login', { email: bob.email, password: PASSWORD });
  const one = await someone();
  const { page } = one;
  await one.signIn(ann.email);
  let release = (): void => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/users\/me\/audit/, (route) => held.then(() => route.continue()), { times: 1 });
  await page.goto('/settings/privacy');
  await expect(trail(one).getByRole('list')).toHaveAttribute('aria-busy', 'true');
  await trail(one).getByText('The whole server').click();
  const lines = trail(one).getByRole('listitem');
  await expect(lines).toHaveCount(20);
  const answered = page.waitForResponse(/users\/me\/audit/);
  release();
  await (await answered).finished();
  await expect(lines.filter({ hasText: /^Bob/ })).toHaveCount(19);
  await one.context.setOffline(true);
  await trail(one).getByRole('button', { name: 'Show more' }).click();
  await expect(trail(one).getByRole('alert')).toHaveText(
    'The server cannot be reached. Check the network and try again.',
  );
  await expect(trail(one).getByRole('button', { name: 'Try again' })).toBeVisible();
  await expect(lines).toHaveCount(20);
  await one.context.setOffline(false);
  await expect(lines).toHaveCount(29);
  await expect(trail(one).getByRole('alert')).toHaveCount(0);
  await expect(trail(one).getByRole('button')).toHaveCount(0);
  await expect(lines.nth(20)).toBeFocused();
});

/** Opens the dialog where an administrator allows people to invite, from the dialog that creates links. */
async function whoMayInvite({ page }: Someone): Promise<Locator> {
  await page.getByRole('button', { name: 'New chat' }).click();
  await page.getByRole('button', { name: 'Invite someone' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click();
  await expect(page.getByRole('dialog')).toContainText('Anyone with this link can join.');
  await page.getByRole('button', { name: 'Who can invite' }).click();
  const choice = page.getByRole('dialog', { name: 'Who can invite' });
  await expect(choice).toContainText(
    'People without an account can join with links that administrators and the people chosen here create.',
  );
  return choice;
}

test('on a server with invites the dialog names the people whose links admit newcomers; other links are refused', async ({
  browser,
}) => {
  const server = await Server.byInvite();
  test.skip(!server, 'the deployment that runs lets everybody register');
  if (!server) return;
  const people: Someone[] = [];
  const arrives = async (): Promise<Someone> => {
    const one = await Someone.arrives(browser, server);
    people.push(one);
    return one;
  };
  const ann = await server.person('Ann');
  const { code } = await server.call<{ code: string }>('POST', '/invites', {}, ann.token);
  const bob = await server.person('Bob', code);
  const [admin, member] = [await arrives(), await arrives()];
  const hint =
    'Only people with an account on this server can join with this link. To invite others, ask an administrator.';

  // The server offers no invite to a member without the right; a link into their group admits people with an account
  // only.
  await member.signIn(bob.email);
  await expect(member.page.getByRole('button', { name: 'Invite someone' })).toHaveCount(0);
  await member.page.getByRole('button', { name: 'New chat' }).click();
  await expect(member.page.getByRole('dialog').getByRole('button', { name: 'Invite someone' })).toHaveCount(0);
  await member.page.keyboard.press('Escape');
  await member.page.keyboard.press('Control+Shift+KeyP');
  await member.page.keyboard.insertText('invite');
  await expect(member.page.getByText('Nothing found')).toBeVisible();
  await member.page.keyboard.press('Escape');
  await expect(server.call('POST', '/invites', {}, bob.token)).rejects.toThrow(
    /403.*invite\.forbidden.*Only administrators, and people they allow/,
  );
  await server.call('POST', '/chats', { kind: 'group', name: 'Den', member_ids: [] }, bob.token);
  await member.open('Den');
  await member.page.getByRole('button', { name: 'Members', exact: true }).click();
  await member.page.getByRole('button', { name: 'Create link' }).click();
  await member.page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click();
  await expect(member.page.getByRole('dialog')).toContainText(hint);
  await expect(member.page.getByRole('button', { name: 'Who can invite' })).toHaveCount(0);
  const link = await member.page.getByRole('textbox', { name: 'Invite link' }).inputValue();
  const stranger = await arrives();
  await stranger.page.goto(link);
  await expect(stranger.page.getByText('This link is only for people with an account on this server.')).toBeVisible();
  await expect(stranger.page.getByLabel('Your name')).toHaveCount(0);
  await expect(server.person('Cid', new URL(link).pathname.split('/').at(-1))).rejects.toThrow('403');
  await member.page.keyboard.press('Escape');

  // The administrator gives the right in the dialog that creates links.
  await admin.signIn(ann.email);
  const choice = await whoMayInvite(admin);
  await expect(choice.getByRole('button', { name: 'Ann' })).toHaveAttribute('aria-pressed', 'true');
  await choice.getByRole('button', { name: 'Bob' }).click();
  await expect(choice.getByRole('button', { name: 'Bob' })).toHaveAttribute('aria-pressed', 'true');

  // The right applies at once, also to links that exist already, and both activity lists show it.
  await member.page.getByRole('button', { name: 'New chat' }).click();
  await member.page.getByRole('dialog').getByRole('button', { name: 'Invite someone' }).click();
  await member.page.getByRole('dialog').getByRole('button', { name: 'Create link' }).click();
  await expect(member.page.getByRole('dialog')).toContainText('Anyone with this link can join.');
  await stranger.page.reload();
  await stranger.register('Cid');
  await member.page.goto('/settings/privacy');
  await expect(
    trail(member).getByRole('listitem').filter({ hasText: 'Allowed to invite people to the server' }),
  ).toContainText('Ann');

  // The administrator takes the right away again.
  await choice.getByRole('button', { name: 'Bob' }).click();
  await expect(choice.getByRole('button', { name: 'Bob' })).toHaveAttribute('aria-pressed', 'false');
  await expect(server.call('POST', '/invites', {}, bob.token)).rejects.toThrow('403');
  for (const one of people) await one.context.close();
  await server.leave();
});
