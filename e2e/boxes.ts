/** Boxes of what is on the page, to compare. */
import type { Someone } from './world';

export interface Edges {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const bubbleOf = (one: Someone, text: string) => one.message(text).locator('[class*=bubble]');

/** Returns the edges of the bubble of a message, in whole pixels. */
export const boxOf = (one: Someone, text: string): Promise<Edges> =>
  bubbleOf(one, text).evaluate((element) => {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return { left: Math.round(left), right: Math.round(right), top: Math.round(top), bottom: Math.round(bottom) };
  });

/**
 * Waits until no element of a selector has moved for ten frames: a list that is opened goes to its place first, and a
 * page that becomes narrow is laid out anew.
 */
export const atRest = ({ page }: Someone, selector: string): Promise<void> =>
  page.evaluate(async (selector) => {
    const places = (): string =>
      JSON.stringify([...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect()));
    for (let [before, frames] = ['', 0]; frames < 10; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      const now = places();
      frames = now === before ? frames + 1 : 0;
      before = now;
    }
  }, selector);

/** Notes how far a page moves what it shows; returns a function that tells the moves until then. */
export async function shiftsOf({ page }: Someone): Promise<() => Promise<number[]>> {
  const noted = await page.evaluateHandle(() => {
    const shifts: number[] = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.push((entry as PerformanceEntry & { value: number }).value);
    }).observe({ type: 'layout-shift' });
    return shifts;
  });
  return () => noted.jsonValue();
}

/** Says whether two boxes cover no part of each other. */
export const isApart = (one: Edges, other: Edges): boolean =>
  one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
