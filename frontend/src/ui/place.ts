/** Places a floating box beside what it belongs to, without covering it where there is room. */

export interface Spot {
  x: number;
  y: number;
  /** The edges of what a menu belongs to. */
  around?: Edges;
}

export interface Edges {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

interface Size {
  width: number;
  height: number;
}

export interface Place {
  x: number;
  y: number;
  /** The height of a box that would cover what it belongs to at its own height. */
  height?: number;
}

/** The least distance from the edges of the page, and from what the box belongs to. */
const GAP_PX = 8;
/** A box is cut down to the room beside what it belongs to, but not below this height. */
const HEIGHT_MIN_PX = 220;

/**
 * Returns the place of a box: after, before, below or above what it belongs to, cut down where no side has room for the
 * whole, and at the spot where there is hardly any.
 */
export function placeOf(box: Size, { x, y, around }: Spot, page: Size): Place {
  const most = { x: page.width - box.width - GAP_PX, y: page.height - box.height - GAP_PX };
  const within = (one: { x: number; y: number }) => ({
    x: Math.max(GAP_PX, Math.min(one.x, most.x)),
    y: Math.max(GAP_PX, Math.min(one.y, most.y)),
  });
  if (!around) return within({ x, y });
  const [after, before] = [around.right + GAP_PX, around.left - GAP_PX - box.width];
  const [below, above] = [around.bottom + GAP_PX, around.top - GAP_PX - box.height];
  if (after <= most.x) return within({ x: after, y });
  if (before >= GAP_PX) return within({ x: before, y });
  if (below <= most.y) return within({ x, y: below });
  if (above >= GAP_PX) return within({ x, y: above });
  const [roomBelow, roomAbove] = [page.height - GAP_PX - below, around.top - 2 * GAP_PX];
  const height = Math.max(roomBelow, roomAbove);
  if (height < HEIGHT_MIN_PX) return within({ x, y });
  return { x: within({ x, y }).x, y: roomBelow >= roomAbove ? below : GAP_PX, height };
}
