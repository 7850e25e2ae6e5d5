/** What a page costs in Chromium: its processor, frames, keys and memory. */
import { setTimeout } from 'node:timers/promises';
import type { CDPSession, Page } from '@playwright/test';

interface Kept {
  /** Tasks over 50 ms, scripts in frames over 50 ms, and the times from a key to the frame that shows it; ms. */
  tasks: number[];
  scripts: number[];
  keys: number[];
}
type Keeping = typeof globalThis & { kept: Kept };

/** Keeps long tasks and the times of keys. Runs in the page. */
function keep(): void {
  const kept: Kept = { tasks: [], scripts: [], keys: [] };
  (globalThis as Keeping).kept = kept;
  interface LongFrame extends PerformanceEntry {
    scripts?: { duration: number }[];
  }
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) kept.tasks.push(one.duration);
  }).observe({ type: 'longtask' });
  new PerformanceObserver((list) => {
    for (const one of list.getEntries() as LongFrame[])
      for (const { duration } of one.scripts ?? []) kept.scripts.push(duration);
  }).observe({ type: 'long-animation-frame' });
  // The time of a key is that of its press: the wait for a busy page counts.
  const onKey = ({ timeStamp }: Event): void => {
    requestAnimationFrame(() => {
      const shown = new MessageChannel();
      shown.port1.onmessage = () => {
        kept.keys.push(performance.now() - timeStamp);
        shown.port1.close();
      };
      shown.port2.postMessage(0);
    });
  };
  addEventListener('keydown', onKey, { capture: true });
}

export interface Metrics {
  all: number;
  script: number;
  style: number;
  layout: number;
  /** The number of layouts: each beyond one a frame was forced by a script. */
  layouts: number;
}

const PARTS = ['all', 'script', 'style', 'layout', 'layouts'] as const;

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
    const value = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
    return {
      all: 1000 * value('TaskDuration'),
      script: 1000 * value('ScriptDuration'),
      style: 1000 * value('RecalcStyleDuration'),
      layout: 1000 * value('LayoutDuration'),
      layouts: value('LayoutCount'),
    };
  }

  /** Returns the ms of processor of a run, and their parts. */
  async cost(run: () => Promise<unknown>): Promise<Metrics> {
    const before = await this.metrics();
    await run();
    const after = await this.metrics();
    const by = PARTS.map((part) => [part, after[part] - before[part]] as const);
    return Object.fromEntries(by) as Record<keyof Metrics, number>;
  }

  /** Returns the long tasks and the keys of a run, in which seven letters are typed a second. */
  async typing(run: () => Promise<unknown>): Promise<Kept> {
    await this.page.evaluate(() => Object.assign((globalThis as Keeping).kept, { tasks: [], scripts: [], keys: [] }));
    await this.page.locator('textarea').focus();
    let isOver = false;
    const running = run().finally(() => {
      isOver = true;
    });
    while (!isOver) {
      await this.page.keyboard.press('a');
      await setTimeout(140);
    }
    await running;
    const kept = await this.page.evaluate(() => (globalThis as Keeping).kept);
    await this.page.locator('textarea').fill('');
    return kept;
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

/** Returns the slope of the line through points (x, y) that misses them least, and its standard error. */
export function slope(points: readonly (readonly [x: number, y: number])[]): [by: number, error: number] {
  const mean = (of: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, one) => sum + of(one), 0) / points.length;
  const [x, y] = [mean((one) => one[0]), mean((one) => one[1])];
  const wide = mean((one) => (one[0] - x) ** 2) * points.length;
  const by = (mean((one) => (one[0] - x) * (one[1] - y)) * points.length) / wide;
  const missed = mean((one) => (one[1] - y - by * (one[0] - x)) ** 2) * points.length;
  return [by, Math.sqrt(missed / Math.max(1, points.length - 2) / wide)];
}
