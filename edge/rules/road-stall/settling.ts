/** Tells arriving from standing in a place's first seconds, through the jitter of a detector's boxes. Pure. */
import type { BoxXywh, Point } from '../../../contracts/geometry.ts';
import { distance, footPoint } from '../../geometry/box.ts';
import { sizeOf } from './spot.ts';
import { MAX_JITTER_SIZES, MAX_STEP_SIZES, MIN_EARLIER_SIGHTS, RECENT_SIGHTS, SETTLE_MS, SLOW_MS } from './tuning.ts';

/** [ms, foot x, foot y] of the sights since the stall stands; empty = settled. */
export type Trail = readonly (readonly [number, number, number])[];

function meanOf(trail: Trail): Point {
  const sum = trail.reduce<Point>((acc, [, x, y]) => [acc[0] + x, acc[1] + y], [0, 0]);
  return [sum[0] / trail.length, sum[1] / trail.length];
}

/** A trail of one sight. @param at ms */
export function beginTrail(at: number, box: BoxXywh): Trail {
  const [x, y] = footPoint(box);
  return [[at, x, y]];
}

/** The trail after one more sight, empty when settled; 'moved' when the stall is still on its way. */
export function afterSight(trail: Trail, box: BoxXywh, at: number, since: number, aspect: number): Trail | 'moved' {
  const last = trail[trail.length - 1];
  if (!last) return trail;
  const [x, y] = footPoint(box);
  const size = sizeOf(box, aspect);
  const apart = (a: Point, b: Point) => distance(a, b, aspect) / size;
  const next: Trail = [...trail, [at, x, y]];
  if (at - last[0] >= SLOW_MS && apart([last[1], last[2]], [x, y]) > MAX_STEP_SIZES) return 'moved';
  if (next.length >= RECENT_SIGHTS + MIN_EARLIER_SIGHTS) {
    if (apart(meanOf(next.slice(0, -RECENT_SIGHTS)), meanOf(next.slice(-RECENT_SIGHTS))) > MAX_JITTER_SIZES)
      return 'moved';
  }
  return at - since >= SETTLE_MS ? [] : next;
}
