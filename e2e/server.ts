/** The server of a test: the command alone, or a running deployment of several processes (`scripts/stack.py`). */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { expect } from '@playwright/test';
import { Forked, PYTHON, ROOT } from './forked';

export const PASSWORD = 'correct horse battery';

/**
 * Below the ports of outgoing connections (32 768): one of those could take the port of a server that restarts.
 * Each of four workers chooses from ports of its own, so none takes what another has just found free.
 */
const PORTS = { first: 20_000 + 3_000 * Number(process.env.TEST_PARALLEL_INDEX ?? 0), count: 3_000 };

/** The ports of this worker's servers: one may have none at work now, as its server starts only now or starts again. */
const given = new Set<number>();

/** Returns a port without a listener, which no other server of this worker was given. */
async function freePort(): Promise<number> {
  const probe = createServer();
  while (true) {
    const port = PORTS.first + Math.floor(Math.random() * PORTS.count);
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    probe.removeAllListeners();
    if (!isFree || given.has(port)) continue;
    given.add(port);
    return port;
  }
}

/**
 * Settings that speed up every test and change nothing of the product: no limits, short logs, cheap password hashes,
 * and no previews of links, as there is no open internet.
 */
const QUICK = { RATE_LIMITS: 'off', LOG_LEVEL: 'warning', PASSWORD_MEMORY_KIB: '64', CARDS: 'off' };

/** Waits until an address answers; `expect` would stop when the test that began it ends. */
async function answers(url: string): Promise<void> {
  for (const end = Date.now() + 30_000; ; ) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok) return;
    if (Date.now() > end) throw new Error(`${url} does not answer`);
    await setTimeout(50);
  }
}

/** What a server says of an upload. */
interface Uploaded {
  state: string;
  file: { id: number } | null;
}

/** A server without accounts. */
export abstract class Server {
  /** The address that people open. */
  abstract readonly url: string;
  /** The page that creates the first account, and its code, if the server needs one. */
  abstract readonly entrance: string;
  abstract readonly setup: string | undefined;
  /** Ports at which a page may ask for the server besides its own; 0 is any. */
  abstract readonly otherPorts: readonly [number, number];
  /** The folder of its e-mails, and whether the server sends them. */
  abstract readonly letters: string;
  abstract readonly sendsMail: boolean;

  static async started(): Promise<Server> {
    const stack = process.env.E2E_STACK;
    return stack ? Stack.emptied(stack) : Single.made(false);
  }

  /** Starts a server that needs an invite; `undefined` for a running deployment with open registration. */
  static async byInvite(): Promise<Server | undefined> {
    return Server.set({ REGISTRATION: 'invite' });
  }

  /** Starts a server with settings of its own; `undefined` for a running deployment. */
  static async set(settings: Record<string, string>): Promise<Server | undefined> {
    return process.env.E2E_STACK ? undefined : Single.made(false, settings);
  }

  /** Starts a server whose internet is a port of this machine: every name leads there (`backend/tests/outside.py`). */
  static async outside(port: number, settings: Record<string, string>): Promise<Server | undefined> {
    const own = { CARDS: 'on', OUTSIDE_PORT: String(port), ...settings };
    return process.env.E2E_STACK ? undefined : Single.made(false, own, 'tests.outside:prepare');
  }

  /** Starts a server whose e-mails a catcher receives. */
  static async withMail(): Promise<Server> {
    const stack = process.env.E2E_STACK;
    return stack ? Stack.emptied(stack) : Single.made(true);
  }

  abstract start(): Promise<void>;
  /** Kills every process that answers people, as a power cut would. */
  abstract kill(): Promise<void>;
  /** Stops the same processes in order. */
  abstract stop(): Promise<void>;
  /** Ends the server after the test. */
  abstract leave(): Promise<void>;

  /** Calls the API as a program would. */
  async call<T>(method: string, path: string, body?: unknown, token = ''): Promise<T> {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  /** Sends a file as a program would. */
  async put<T>(path: string, file: { mimeType: string; buffer: Buffer }, token: string): Promise<T> {
    const headers = { 'content-type': file.mimeType, authorization: `Bearer ${token}` };
    const response = await fetch(`${this.url}/api${path}`, {
      method: 'PUT',
      headers,
      body: new Uint8Array(file.buffer),
    });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
    return (await response.json()) as T;
  }

  /** Uploads a file as a program would, in one request; returns its id. */
  async upload(bytes: Buffer, metadata: Record<string, string>, token: string): Promise<number> {
    const headers = {
      'tus-resumable': '1.0.0',
      'upload-length': String(bytes.length),
      'upload-metadata': Object.entries(metadata)
        .map(([name, value]) => `${name} ${Buffer.from(value).toString('base64')}`)
        .join(','),
      'content-type': 'application/offset+octet-stream',
      authorization: `Bearer ${token}`,
    };
    const begun = await fetch(`${this.url}/api/uploads`, { method: 'POST', headers, body: new Uint8Array(bytes) });
    const place = begun.headers.get('location')?.replace(/^.*\/api/, '');
    while (true) {
      const { file, state } = await this.call<Uploaded>('GET', `${place}?wait=20`, undefined, token);
      if (file) return file.id;
      // A picture may take a loaded machine longer than the server waits with its answer.
      if (state !== 'full') throw new Error(`${place}: ${state}`);
    }
  }

  /** Creates a person with an account over the API. */
  async person(name: string, invite?: string): Promise<{ id: number; email: string; token: string }> {
    const email = `${crypto.randomUUID().slice(0, 8)}@example.org`;
    const { setup } = this;
    const body = { email, password: PASSWORD, name, ...(invite ? { invite } : {}), ...(setup ? { setup } : {}) };
    const tokens = await this.call<{ user: { id: number }; access_token: string }>('POST', '/auth/register', body);
    return { id: tokens.user.id, email, token: tokens.access_token };
  }
}

/** One server in advance: it starts while the previous test runs. */
export class Ahead {
  private next: Promise<Server> | undefined;

  /** Returns a server that was just started, and starts the following one. */
  async take(): Promise<Server> {
    const taken = await (this.next ?? Server.started());
    // All tests share a deployment, which is emptied between them.
    if (!process.env.E2E_STACK) {
      this.next = Server.started();
      this.next.catch(() => {});
    }
    return taken;
  }

  /** Ends the server that no test took. */
  async leave(): Promise<void> {
    await (await this.next)?.leave();
  }
}

const emptyFolder = (): string => mkdtempSync(join(tmpdir(), 'web-messenger-'));

async function migrate(): Promise<string> {
  const folder = emptyFolder();
  const command = await Forked.begun('migrate', { ...process.env, DATA_DIR: folder });
  if (await command.ended()) throw new Error('the database could not be made');
  return folder;
}

let migrated: Promise<string> | undefined;

/** Makes a folder with a database that has no rows: a copy costs a fraction of what a new one costs each server. */
async function folderWithDatabase(): Promise<string> {
  migrated ??= migrate();
  const folder = emptyFolder();
  await cp(await migrated, folder, { recursive: true });
  return folder;
}

/** The command, with a folder of its own. */
class Single extends Server {
  private process: Forked | undefined;
  private catcher: ChildProcess | undefined;
  readonly url: string;
  readonly letters: string;
  readonly entrance = '/';
  readonly setup = undefined;
  readonly otherPorts = [0, 0] as const;

  private constructor(
    private readonly port: number,
    private readonly folder: string,
    private readonly smtp: number,
    private readonly settings: Record<string, string>,
    private readonly build: string | null,
  ) {
    super();
    this.url = `http://127.0.0.1:${port}`;
    this.letters = join(folder, 'mail');
  }

  get sendsMail(): boolean {
    return this.smtp > 0;
  }

  static async made(
    sendsMail: boolean,
    settings: Record<string, string> = {},
    build: string | null = null,
  ): Promise<Server> {
    const server = new Single(
      await freePort(),
      await folderWithDatabase(),
      sendsMail ? await freePort() : 0,
      settings,
      build,
    );
    if (sendsMail) await server.catch();
    await server.start();
    return server;
  }

  private async catch(): Promise<void> {
    const ports = [String(this.smtp), String(await freePort())];
    this.catcher = spawn(PYTHON, [join(ROOT, 'scripts/topology/letters.py'), ...ports, this.letters], {
      stdio: 'ignore',
    });
    await expect(() => once(connect(this.smtp, '127.0.0.1'), 'data')).toPass();
  }

  async start(): Promise<void> {
    const mail = {
      MAIL_URL: `smtp://127.0.0.1:${this.smtp}?starttls=never`,
      MAIL_FROM: 'Our server <messenger@example.org>',
    };
    const own = { PORT: String(this.port), DATA_DIR: this.folder, ...QUICK };
    const env = { ...process.env, ...own, ...(this.sendsMail ? mail : {}), ...this.settings };
    this.process = await Forked.begun('serve', env, this.build);
    await answers(`${this.url}/api/healthz`);
  }

  async kill(): Promise<void> {
    await this.process?.end('SIGKILL');
  }

  async stop(): Promise<void> {
    await this.process?.end('SIGTERM');
  }

  async leave(): Promise<void> {
    await this.stop();
    this.catcher?.kill();
  }
}

const SERVERS = ['backend-1', 'backend-2'];

/** Two servers behind nginx, which keeps running when they end. They are shared by all tests; their data is not. */
class Stack extends Server {
  readonly url: string;
  readonly setup: string;
  readonly entrance: string;
  readonly letters: string;
  readonly otherPorts: readonly [number, number];
  readonly sendsMail = true;

  private constructor(
    private readonly folder: string,
    link: string,
  ) {
    super();
    const { origin, pathname, search, searchParams } = new URL(link);
    const { own } = JSON.parse(readFileSync(join(folder, 'place.json'), 'utf8')) as { own: { CORS_ORIGINS: string } };
    const [one, other] = own.CORS_ORIGINS.split(',').map((address) => Number(new URL(address).port));
    this.url = origin;
    this.entrance = pathname + search;
    this.setup = searchParams.get('code') ?? '';
    this.otherPorts = [one ?? 0, other ?? 0];
    this.letters = join(folder, 'letters');
  }

  static async emptied(folder: string): Promise<Server> {
    return new Stack(folder, await Stack.run(folder, 'empty'));
  }

  async start(): Promise<void> {
    await Stack.run(this.folder, 'up');
  }

  async kill(): Promise<void> {
    await Stack.run(this.folder, 'end', '--kill', ...SERVERS);
  }

  async stop(): Promise<void> {
    await Stack.run(this.folder, 'end', ...SERVERS);
  }

  async leave(): Promise<void> {
    await this.start();
  }

  private static async run(folder: string, ...command: string[]): Promise<string> {
    const { stdout } = await promisify(execFile)(PYTHON, [
      join(ROOT, 'scripts/stack.py'),
      '--folder',
      folder,
      ...command,
    ]);
    return stdout.trim();
  }
}
