/** Boxes that the edge of a region cuts off. Pure. */
import type { BoxXywh } from '../../contracts/geometry.ts';

/** A box this near an inner edge of its region is cut off by it, share of the region. */
const EDGE = 0.015;
/** The frame's own edge cuts in the whole picture too. */
const FRAME_EDGE = 0.001;

/** Is the box cut by an edge of the region that is not the frame's? The whole picture knows better then. Shares of the frame. */
export function isCut([x, y, w, h]: BoxXywh, region: BoxXywh): boolean {
  const [rx, ry, rw, rh] = region;
  return (
    (rx > FRAME_EDGE && x < rx + EDGE * rw) ||
    (ry > FRAME_EDGE && y < ry + EDGE * rh) ||
    (rx + rw < 1 - FRAME_EDGE && x + w > rx + rw - EDGE * rw) ||
    (ry + rh < 1 - FRAME_EDGE && y + h > ry + rh - EDGE * rh)
  );
}
