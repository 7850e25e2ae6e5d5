/** A real server for each test, and people in browsers of their own. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  test as base,
  expect,
  type Page,
} from '@playwright/test';
import { Ahead, PASSWORD, Server } from './server';

/** A person with a browser of their own. */
export class Someone {
  constructor(
    readonly page: Page,
    readonly context: BrowserContext,
    readonly server: Server,
    private readonly origin: string,
  ) {}

  static async arrives(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Someone> {
    const origin = options.baseURL ?? server.url;
    const context = await browser.newContext({ ...options, baseURL: origin });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    return new Someone(steady(await context.newPage()), context, server, origin);
  }

  /** Fills in the first-run or register card. */
  async register(name: string, serverName?: string): Promise<void> {
    const { page } = this;
    if (serverName) await page.getByLabel('Server name').fill(serverName);
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('E-mail').fill(`${crypto.randomUUID().slice(0, 8)}@example.org`);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  /** Signs in without the card, with the cookie that its answer sets. */
  async signIn(email: string): Promise<void> {
    const { page, context } = this;
    const data = { email, password: PASSWORD, transport: 'cookie' };
    const headers = { 'x-client': 'web', origin: this.origin };
    const answer = await context.request.post('/api/auth/login', { data, headers });
    if (!answer.ok()) throw new Error(`${answer.status()} ${await answer.text()}`);
    await page.goto('/');
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  /** Fills in the card. */
  async signInByHand(email: string, labels: { email: string; password: string; submit: string }): Promise<void> {
    const { page } = this;
    await page.goto('/');
    await page.getByLabel(labels.email).fill(email);
    await page.getByLabel(labels.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: labels.submit, exact: true }).click();
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  /** Signs in on the page that is shown after a session has ended. */
  async signInAgain(email: string, password: string): Promise<void> {
    const { page } = this;
    await expect(page.getByRole('heading', { name: /Sign in/ })).toBeVisible({ timeout: 30_000 });
    await page.getByLabel('E-mail').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  /** Opens a chat from the list: a row begins with its title, others may name the same person in their last line. */
  async open(title: string): Promise<void> {
    const name = new RegExp(`^${title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    await this.page.getByRole('navigation').getByRole('link', { name }).click();
  }

  composer() {
    return this.page.getByRole('textbox', { name: /^(Message|Сообщение)$/ });
  }

  async say(text: string): Promise<void> {
    await this.composer().fill(text);
    await this.composer().press('Enter');
  }

  /** Returns the panel beside the conversation, or in its place. */
  panel() {
    return this.page.locator('[data-panel] > :is(aside, main)');
  }

  /** Returns the bubble of a message. */
  message(text: string) {
    return this.page.locator('article').filter({ hasText: text });
  }

  /** Chooses from the menu of a sent message; a pending one has no menu. */
  async choose(text: string, item: string): Promise<void> {
    await this.message(text).and(this.page.locator('[data-seq]')).first().click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}

interface World {
  server: Server;
  someone: (options?: BrowserContextOptions) => Promise<Someone>;
  /** Creates two people with a direct chat, each in a browser. */
  pair: () => Promise<[Someone, Someone]>;
}

/** Creates two people with a direct chat, each in a browser. */
export async function pairOf(server: Server, someone: World['someone']): Promise<[Someone, Someone]> {
  const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
  await server.call('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
  const [one, other] = [await someone(), await someone()];
  await one.signIn(ann.email);
  await other.signIn(bob.email);
  await one.open('Bob');
  await other.open('Ann');
  return [one, other];
}

export const test = base.extend<World, { ahead: Ahead }>({
  ahead: [
    async ({}, use) => {
      const ahead = new Ahead();
      await use(ahead);
      await ahead.leave();
    },
    { scope: 'worker' },
  ],
  server: async ({ ahead }, use) => {
    const server = await ahead.take();
    await use(server);
    await server.leave();
  },
  someone: async ({ browser, server }, use) => {
    const all: Someone[] = [];
    await use(async (options) => {
      const one = await Someone.arrives(browser, server, options);
      all.push(one);
      return one;
    });
    for (const one of all) await one.context.close();
  },
  pair: async ({ server, someone }, use) => {
    await use(() => pairOf(server, someone));
  },
});

/** Returns whether what was open over the page is closed, but its entry of the history not gone yet. */
const isGoingBack = (): boolean =>
  (history.state?.isTop ?? false) && !document.querySelector('dialog[open], :popover-open');

/** Lets a page finish its own way back before the test leads it another way, which would end the first. */
function steady(page: Page): Page {
  const { goto, goBack } = page;
  const settled = () => expect.poll(() => page.evaluate(isGoingBack).catch(() => true)).toBe(false);
  return Object.assign(page, {
    goto: async (...given: Parameters<typeof goto>) => settled().then(() => goto.apply(page, given)),
    goBack: async (...given: Parameters<typeof goBack>) => settled().then(() => goBack.apply(page, given)),
  });
}

/** Returns what the browser keeps for the next visit: the messages of every chat, or of those that wait. */
export const keptWords = (page: Page, store: 'windows' | 'outbox' = 'windows'): Promise<string> =>
  page.evaluate(
    (store) =>
      new Promise<string>((resolve) => {
        const opening = indexedDB.open('web-messenger');
        opening.onsuccess = () => {
          const asked = opening.result.transaction(store).objectStore(store).getAll();
          asked.onsuccess = () => {
            opening.result.close();
            resolve(JSON.stringify(asked.result));
          };
        };
      }),
    store,
  );

export { expect, Server };
