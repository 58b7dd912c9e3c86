/** Where an event was seen: the box around its objects, coarse enough that a revision repeats it exactly. */
import type { EventObject } from '../../contracts/event.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';

/** Same spot: boxes overlap by this much (intersection over union) … */
const SAME_IOU = 0.3;
/** … or their centres are this close, in widths and heights of the smaller box. */
const SAME_CENTRE = 0.5;
/** Places are kept on this grid, share of the frame: as a set, whatever the order and number of revisions. */
const GRID = 0.005;

const onGrid = (value: number) => Math.round(Math.round(value / GRID) * GRID * 1e6) / 1e6;

/** The box around the objects, people left out (they come and go, the stall stays); null when nothing was seen. */
export function placeOf(objects: readonly EventObject[]): BoxXywh | null {
  const things = objects.filter((object) => object.class !== 'person');
  const boxes = (things.length > 0 ? things : objects).map((object) => object.box);
  if (boxes.length === 0) return null;
  const x = onGrid(Math.min(...boxes.map((box) => box[0])));
  const y = onGrid(Math.min(...boxes.map((box) => box[1])));
  const right = onGrid(Math.max(...boxes.map((box) => box[0] + box[2])));
  const bottom = onGrid(Math.max(...boxes.map((box) => box[1] + box[3])));
  return [x, y, Math.max(GRID, onGrid(right - x)), Math.max(GRID, onGrid(bottom - y))];
}

/**
 * Whether two places, as shares of the frame, are one spot of the street.
 * @example samePlace([0.4, 0.4, 0.1, 0.1], [0.44, 0.4, 0.1, 0.1]) // true: they overlap by 0.43
 */
export function samePlace(a: BoxXywh, b: BoxXywh): boolean {
  const [ax, ay, aw, ah] = a;
  const [bx, by, bw, bh] = b;
  const overlapW = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const overlapH = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  const shared = overlapW > 0 && overlapH > 0 ? overlapW * overlapH : 0;
  if (shared >= SAME_IOU * (aw * ah + bw * bh - shared)) return true;
  const dx = (ax + aw / 2 - bx - bw / 2) / Math.min(aw, bw);
  const dy = (ay + ah / 2 - by - bh / 2) / Math.min(ah, bh);
  return dx * dx + dy * dy <= SAME_CENTRE * SAME_CENTRE;
}
