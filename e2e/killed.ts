/** A browser with a folder that outlasts it: it can be killed and opened again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Browser, chromium, type LaunchOptions, type Page } from '@playwright/test';

export class OwnBrowser {
  private readonly folder = mkdtempSync(join(tmpdir(), 'web-messenger-browser-'));
  private process: ChildProcess | undefined;
  private browser: Browser | undefined;

  constructor(private readonly options: LaunchOptions = {}) {}

  /** Starts the browser with a page. */
  async open(url: string): Promise<Page> {
    const { executablePath = chromium.executablePath(), args = [] } = this.options;
    const own = ['--headless=new', '--remote-debugging-port=0', '--lang=en-GB', `--user-data-dir=${this.folder}`];
    // A group of its own: the browser has many processes, and all of them are killed.
    this.process = spawn(executablePath, [...own, ...args], { stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.browser = await chromium.connectOverCDP(await this.address());
    const [context] = this.browser.contexts();
    const page = context?.pages()[0] ?? (await context?.newPage());
    if (!page) throw new Error('the browser has no page');
    await page.goto(url);
    return page;
  }

  private async address(): Promise<string> {
    if (this.process?.stderr)
      for await (const line of createInterface({ input: this.process.stderr })) {
        const found = /^DevTools listening on (ws:.*)$/.exec(line);
        if (!found?.[1]) continue;
        // A reader that was closed pauses it, and a browser whose errors are not read waits in the end.
        this.process.stderr.resume();
        return found[1];
      }
    throw new Error('the browser has ended');
  }

  /** Ends the browser in order: it writes everything first. */
  async close(): Promise<void> {
    const session = await this.browser?.newBrowserCDPSession();
    await this.ended(() => void session?.send('Browser.close').catch(() => {}));
  }

  /** Ends the browser as a power cut would. */
  kill(): Promise<void> {
    const pid = this.process?.pid;
    return this.ended(() => void (pid && process.kill(-pid, 'SIGKILL')));
  }

  private async ended(end: () => void): Promise<void> {
    if (!this.process) return;
    const ending = once(this.process, 'exit');
    end();
    await ending;
    this.process = undefined;
  }
}
