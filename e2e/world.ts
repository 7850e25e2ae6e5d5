/** A real server for each test, and people in browsers of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test as base, type Browser, type BrowserContext, type BrowserContextOptions, expect, type Page } from '@playwright/test';

export const ROOT = new URL('..', import.meta.url).pathname;
const PASSWORD = 'correct horse battery';

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}

/** The server as the command starts it, with a folder of its own. */
export class Server {
  private process: ChildProcess | undefined;
  readonly url: string;

  private constructor(private readonly port: number, readonly folder: string, private readonly settings: Record<string, string>) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async started(settings: Record<string, string> = {}): Promise<Server> {
    const server = new Server(await freePort(), mkdtempSync(join(tmpdir(), 'web-messenger-')), settings);
    await server.start();
    return server;
  }

  async start(): Promise<void> {
    const own = { PORT: String(this.port), DATA_DIR: this.folder, RATE_LIMITS: 'off', LOG_LEVEL: 'warning' };
    const env = { ...process.env, ...own, ...this.settings };
    this.process = spawn(join(ROOT, '.venv/bin/web-messenger'), ['serve'], { env, stdio: 'ignore' });
    await expect(async () => expect((await fetch(`${this.url}/api/healthz`)).status).toBe(200)).toPass({ timeout: 20_000 });
  }

  /** End the process without a word, as a power cut would. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const running = this.process;
    if (!running || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill(signal);
    await gone;
  }

  /** Call the API as a program would. */
  async call<T>(method: string, path: string, body?: unknown, token = ''): Promise<T> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch(`${this.url}/api${path}`, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Send a file as a program would. */
  async put<T>(path: string, file: { mimeType: string; buffer: Buffer }, token: string): Promise<T> {
    const headers = { 'content-type': file.mimeType, authorization: `Bearer ${token}` };
    const response = await fetch(`${this.url}/api${path}`, { method: 'PUT', headers, body: new Uint8Array(file.buffer) });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Somebody with an account, made over the API. */
  async person(name: string, invite?: string): Promise<{ id: number; email: string; token: string }> {
    const email = `${crypto.randomUUID().slice(0, 8)}@example.org`;
    const tokens = await this.call<{ user: { id: number }; access_token: string }>('POST', '/auth/register', {
      email,
      password: PASSWORD,
      name,
      ...(invite ? { invite } : {}),
    });
    return { id: tokens.user.id, email, token: tokens.access_token };
  }
}

/** Somebody with a browser of their own. */
export class Someone {
  constructor(readonly page: Page, readonly context: BrowserContext, readonly server: Server) {}

  static async arrives(browser: Browser, server: Server, options: BrowserContextOptions = {}): Promise<Someone> {
    const context = await browser.newContext({ baseURL: server.url, ...options });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: server.url });
    return new Someone(await context.newPage(), context, server);
  }

  /** Fill in the first-run or register card. */
  async register(name: string, serverName?: string): Promise<void> {
    const { page } = this;
    if (serverName) await page.getByLabel('Name of the server').fill(serverName);
    await page.getByLabel('Your name').fill(name);
    await page.getByLabel('E-mail').fill(`${crypto.randomUUID().slice(0, 8)}@example.org`);
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.locator('button[type=submit]').click();
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  async signIn(email: string, labels = { email: 'E-mail', password: 'Password', submit: 'Sign in' }): Promise<void> {
    const { page } = this;
    await page.goto('/');
    await page.getByLabel(labels.email).fill(email);
    await page.getByLabel(labels.password, { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: labels.submit, exact: true }).click();
    await expect(page.getByRole('navigation')).toBeVisible();
  }

  /** Open a chat from the list. */
  async open(title: string): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: title }).click();
  }

  composer() {
    return this.page.getByRole('textbox', { name: /^(Message|Сообщение)$/ });
  }

  async say(text: string): Promise<void> {
    await this.composer().fill(text);
    await this.composer().press('Enter');
  }

  /** The bubble of a message. */
  message(text: string) {
    return this.page.locator('article').filter({ hasText: text });
  }

  /** Choose from the menu of a message. */
  async choose(text: string, item: string): Promise<void> {
    await this.message(text).first().click({ button: 'right' });
    await this.page.getByRole('menuitem', { name: item }).click();
  }
}

interface World {
  server: Server;
  someone: (options?: BrowserContextOptions) => Promise<Someone>;
  /** Two people with a direct chat, each in a browser. */
  pair: () => Promise<[Someone, Someone]>;
}

export const test = base.extend<World>({
  server: async ({}, use) => {
    const server = await Server.started();
    await use(server);
    await server.stop();
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
    await use(async () => {
      const [ann, bob] = [await server.person('Ann'), await server.person('Bob')];
      await server.call('POST', '/chats', { kind: 'direct', user_id: bob.id }, ann.token);
      const [one, other] = [await someone(), await someone()];
      await one.signIn(ann.email);
      await other.signIn(bob.email);
      await one.open('Bob');
      await other.open('Ann');
      return [one, other];
    });
  },
});

export { expect };
