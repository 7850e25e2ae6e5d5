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

/** Says whether two boxes cover no part of each other. */
export const isApart = (one: Edges, other: Edges): boolean =>
  one.right <= other.left || other.right <= one.left || one.bottom <= other.top || other.bottom <= one.top;
