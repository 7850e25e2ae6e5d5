/** What a page costs in Chromium: its processor, frames, keys and memory. */
import { setTimeout } from 'node:timers/promises';
import type { CDPSession, Page } from '@playwright/test';

interface Kept {
  /** Tasks over 50 ms, and the time from a key to the frame that shows it; ms. */
  tasks: number[];
  keys: number[];
}
type Keeping = typeof globalThis & { kept: Kept };

/** Keeps long tasks and the times of keys. Runs in the page. */
function keep(): void {
  const kept: Kept = { tasks: [], keys: [] };
  (globalThis as Keeping).kept = kept;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) kept.tasks.push(one.duration);
  }).observe({ type: 'longtask' });
  addEventListener('input', ({ timeStamp }) =>
    requestAnimationFrame(() => {
      const shown = new MessageChannel();
      shown.port1.onmessage = () => {
        kept.keys.push(performance.now() - timeStamp);
        shown.port1.close();
      };
      shown.port2.postMessage(0);
    }),
  );
}

interface Metrics {
  all: number;
  script: number;
  style: number;
  layout: number;
}

export class Gauge {
  private constructor(
    private readonly page: Page,
    private readonly cdp: CDPSession,
  ) {}

  /** Measures a page; the processor in its own time, which other work of the machine does not change. */
  static async on(page: Page): Promise<Gauge> {
    await page.addInitScript(keep);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable', { timeDomain: 'threadTicks' });
    return new Gauge(page, cdp);
  }

  /** Makes the processor of the page so many times slower. */
  async slow(rate: number): Promise<void> {
    await this.cdp.send('Emulation.setCPUThrottlingRate', { rate });
  }

  private async metrics(): Promise<Metrics> {
    const { metrics } = await this.cdp.send('Performance.getMetrics');
    const ms = (name: string): number => 1000 * (metrics.find((one) => one.name === name)?.value ?? 0);
    const [all, script] = [ms('TaskDuration'), ms('ScriptDuration')];
    return { all, script, style: ms('RecalcStyleDuration'), layout: ms('LayoutDuration') };
  }

  /** Returns the ms of processor of a run, and their parts. */
  async cost(run: () => Promise<unknown>): Promise<Metrics> {
    const before = await this.metrics();
    await run();
    const after = await this.metrics();
    const by = (part: keyof Metrics): number => after[part] - before[part];
    return { all: by('all'), script: by('script'), style: by('style'), layout: by('layout') };
  }

  /** Returns the long tasks and the keys of a run, in which a letter is typed four times a second. */
  async typing(run: () => Promise<unknown>): Promise<Kept> {
    await this.page.evaluate(() => Object.assign((globalThis as Keeping).kept, { tasks: [], keys: [] }));
    await this.page.locator('textarea').focus();
    let isOver = false;
    const running = run().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await this.page.keyboard.press('a');
      await setTimeout(250);
    }
    await running;
    await this.page.locator('textarea').fill('');
    return this.page.evaluate(() => (globalThis as Keeping).kept);
  }

  /** Returns the bytes of the heap after a collection. */
  async heap(): Promise<number> {
    await this.cdp.send('HeapProfiler.collectGarbage');
    return (await this.cdp.send('Runtime.getHeapUsage')).usedSize;
  }
}

/** Returns the value that a part of the numbers does not exceed; 0 without numbers. */
export function at(part: number, numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}
