/** How a picture is enlarged and moved on a stage; points and moves are measured from the middle of the stage, px. */
import type { Size } from '../album';

/** The scale of a picture, 1 where it is seen whole, and how far its middle is from that of the stage, px. */
export interface View {
  scale: number;
  x: number;
  y: number;
}

interface Point {
  x: number;
  y: number;
}

export const WHOLE: View = { scale: 1, x: 0, y: 0 };
/** The scale of a double tap. */
export const NEAR = 2.5;
const MOST = 8;

const within = (value: number, most: number): number => Math.max(-most, Math.min(most, value));

/** Returns the size of a picture that is seen whole, px: not larger than it is. */
export function fitted({ width, height }: Size, stage: Size): Size {
  const part = Math.min(1, stage.width / width, stage.height / height);
  return { width: width * part, height: height * part };
}

/** Returns a view without a gap at an edge: a picture smaller than the stage stays in its middle. */
export function held({ scale, x, y }: View, picture: Size, stage: Size): View {
  const free = (side: keyof Size): number => Math.max(0, (picture[side] * scale - stage[side]) / 2);
  return { scale, x: within(x, free('width')), y: within(y, free('height')) };
}

/** Returns a view that is enlarged so many times; the point of the picture under `at` stays there. */
export function zoomed(view: View, times: number, at: Point, picture: Size, stage: Size): View {
  const scale = Math.max(1, Math.min(MOST, view.scale * times));
  const by = scale / view.scale;
  return held({ scale, x: at.x - (at.x - view.x) * by, y: at.y - (at.y - view.y) * by }, picture, stage);
}
