/** The layout of photos in a message, from their sizes alone: nothing moves when they load. */

export interface Size {
  width: number;
  height: number;
}

/** A photo's place, in parts of the album's width and height. */
export interface Tile {
  x: number;
  y: number;
  w: number;
  h: number;
}

interface Album {
  /** The largest size, px: a narrower bubble shows the same album smaller. */
  width: number;
  height: number;
  tiles: readonly Tile[];
}

/** The widest album, and the highest single photo, px. */
export const WIDTH = 480;
/** The smallest side of a photo that is alone, px: a finger finds it, and its name and the time have room. */
const LEAST = 120;
/** The part of the width that the large photo of three or four takes. */
const LARGE = 2 / 3;
/** From this shape on (width to height) a photo is wide. */
const WIDE = 1.2;
/** The height that rows are to have, and its limits, in widths of the album. */
const ROW = { least: 1 / 6, wanted: 1 / 3, most: 1 };

/** Tiles over and beside each other, in widths of the album. */
interface Block {
  height: number;
  tiles: readonly Tile[];
}

const within = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
const sum = (all: readonly number[]): number => all.reduce((one, other) => one + other, 0);

/** Returns the shape of a photo (width to height), no more extreme than a tile may be. */
const shapeOf = ({ width, height }: Size): number => within(width / height || 1, 1 / 2, 2);

/** Returns where up to ten photos are. */
export function album(photos: readonly Size[]): Album {
  const [first] = photos;
  if (!first) return { width: WIDTH, height: 0, tiles: [] };
  if (photos.length === 1) return alone(first);
  const { height, tiles } = several(photos.map((one) => shapeOf(one)));
  const parts = tiles.map(({ y, h, ...tile }) => ({ ...tile, y: y / height, h: h / height }));
  return { width: WIDTH, height: height * WIDTH, tiles: parts };
}

/** Lays out one photo, which is not enlarged beyond what is needed to see it. */
function alone(photo: Size): Album {
  const shape = shapeOf(photo);
  const most = Math.min(WIDTH, WIDTH * shape);
  const least = Math.max(LEAST, LEAST * shape);
  const width = within(photo.width || most, least, most);
  return { width, height: width / shape, tiles: [{ x: 0, y: 0, w: 1, h: 1 }] };
}

function several(shapes: readonly number[]): Block {
  const [first = 1, ...others] = shapes;
  if (shapes.length > 4) return rows(shapes);
  if (shapes.length === 2) return shapes.every((one) => one > WIDE) ? stack(shapes) : row(shapes);
  if (first > WIDE) return over(row([first]), row(others));
  if (shapes.length === 3 || first < 1 / WIDE) return beside(first, others.length);
  return over(row(shapes.slice(0, 2)), row(shapes.slice(2)));
}

/** Puts photos beside each other, as wide as they are at one height. */
function row(shapes: readonly number[]): Block {
  // A very narrow one among several would be hard to hit.
  const shown = shapes.length < 3 ? shapes : shapes.map((one) => within(one, 4 / 5, 4 / 3));
  const all = sum(shown);
  const height = within(1 / all, ROW.least, ROW.most);
  const tiles = shown.map((one, place) => ({ x: sum(shown.slice(0, place)) / all, y: 0, w: one / all, h: height }));
  return { height, tiles };
}

/** Puts photos above each other, each as wide as the album. */
const stack = (shapes: readonly number[]): Block => shapes.map((one) => row([one])).reduce(over);

function over(upper: Block, lower: Block): Block {
  const moved = lower.tiles.map((tile) => ({ ...tile, y: tile.y + upper.height }));
  return { height: upper.height + lower.height, tiles: [...upper.tiles, ...moved] };
}

/** Puts a large photo beside a column of others, which are equal. */
function beside(shape: number, others: number): Block {
  const height = within(LARGE / shape, LARGE, 1);
  const h = height / others;
  const column = Array.from({ length: others }, (_, place) => ({ x: LARGE, y: place * h, w: 1 - LARGE, h }));
  return { height, tiles: [{ x: 0, y: 0, w: LARGE, h: height }, ...column] };
}

/** Puts photos into rows of two to four, whose heights are as near as possible to the one that is wanted. */
function rows(shapes: readonly number[]): Block {
  const costOf = (one: Block): number => (one.height - ROW.wanted) ** 2;
  let best: { blocks: Block[]; cost: number } | undefined;
  const divide = (from: number, blocks: Block[], cost: number): void => {
    if (from === shapes.length && (!best || cost < best.cost)) best = { blocks, cost };
    for (const count of [2, 3, 4]) {
      if (from + count > shapes.length) break;
      const next = row(shapes.slice(from, from + count));
      divide(from + count, [...blocks, next], cost + costOf(next));
    }
  };
  divide(0, [], 0);
  return (best?.blocks ?? []).reduce(over);
}
