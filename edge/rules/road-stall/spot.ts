/** Where a box stands in its zone: inside or not, on a fixture, inside the shop, how far from the shop-front line. */
import type { BoxXywh, Point, Polyline } from '../../../contracts/geometry.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { distance, footPoint } from '../../geometry/box.ts';
import { type GroundMap, groundMapOf, metresBetween, toGround } from '../../geometry/ground-plane.ts';
import { distanceToPolyline, inPolygon, nearestOnSegment, side } from '../../geometry/polygon.ts';
import { HEIGHT_TO_SIZE, MAX_ADMIT_SIZES, MAX_LEAVE_SIZES, MAX_SHOP_HEIGHTS } from './tuning.ts';

type Context = RuleContext<'road-stall'>;

/** Size of a stall in frame heights, the unit of all that is measured in "sizes". */
export function sizeOf(box: BoxXywh, aspect: number): number {
  return Math.max(box[2] * aspect, HEIGHT_TO_SIZE * box[3], 1e-6);
}

function distanceToZone(foot: Point, context: Context, aspect: number): number {
  const { polygon } = context.zone;
  return distanceToPolyline(foot, [...polygon, polygon[0] as Point], aspect);
}

function onFixture(foot: Point, context: Context, aspect: number): boolean {
  return (context.zone.fixtures ?? []).some((fixture) => distance(foot, fixture.at, aspect) <= fixture.radius);
}

/** A point of the street: the middle of the zone's corners, which lies off the shops' side of their line. */
function middle(polygon: readonly Point[]): Point {
  const sum = polygon.reduce<Point>((acc, [x, y]) => [acc[0] + x, acc[1] + y], [0, 0]);
  return [sum[0] / polygon.length, sum[1] / polygon.length];
}

function nearestSegment(foot: Point, line: Polyline, aspect: number): readonly [Point, Point] | null {
  let best: readonly [Point, Point] | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 1; i < line.length; i++) {
    const segment = [line[i - 1] as Point, line[i] as Point] as const;
    const away = distanceToPolyline(foot, [...segment], aspect);
    if (away < least) {
      least = away;
      best = segment;
    }
  }
  return best;
}

/** Trade behind the doors is nobody's business here. */
function insideShop(foot: Point, context: Context, aspect: number): boolean {
  const line = context.zone.shopFront;
  const segment = line ? nearestSegment(foot, line, aspect) : null;
  if (!segment) return false;
  const street = side(middle(context.zone.polygon), segment[0], segment[1]);
  return side(foot, segment[0], segment[1]) * street < 0;
}

/** Whether a box is worth remembering for the zone. */
export function isNearZone(box: BoxXywh, context: Context, aspect: number): boolean {
  const foot = footPoint(box);
  return (
    inPolygon(foot, context.zone.polygon) ||
    distanceToZone(foot, context, aspect) <= MAX_ADMIT_SIZES * sizeOf(box, aspect)
  );
}

/** Whether a mean box stands where trade is the rule's business; `was` inside it until now. */
export function standsInZone(box: BoxXywh, was: boolean, context: Context, aspect: number): boolean {
  const foot = footPoint(box);
  const stands =
    inPolygon(foot, context.zone.polygon) ||
    (was && distanceToZone(foot, context, aspect) <= MAX_LEAVE_SIZES * sizeOf(box, aspect));
  return stands && !onFixture(foot, context, aspect) && !insideShop(foot, context, aspect);
}

/** The zone's map to metres; null where its ground is not calibrated. */
export const mapOf = (context: Context): GroundMap | null => groundMapOf(context.zone.groundPlane);

/** Metres from a foot to the shop-front line on the ground; null where that is not known. */
export function shopFrontMetres(box: BoxXywh, context: Context): number | null {
  const map = mapOf(context);
  const line = context.zone.shopFront;
  if (!map || !line) return null;
  const foot = toGround(map, footPoint(box));
  if (!foot) return null;
  let least: number | null = null;
  for (let i = 1; i < line.length; i++) {
    const a = toGround(map, line[i - 1] as Point);
    const b = toGround(map, line[i] as Point);
    if (!a || !b) continue;
    const near = nearestOnSegment(foot, a, b);
    least = Math.min(least ?? Number.POSITIVE_INFINITY, Math.hypot(near[0] - foot[0], near[1] - foot[1]));
  }
  return least;
}

/** Beyond the doors but the shop's own: within metres of the line, or within heights where metres are unknown. */
export function isAtShopFront(box: BoxXywh, context: Context, aspect: number): boolean {
  const line = context.zone.shopFront;
  if (!line) return false;
  const metres = shopFrontMetres(box, context);
  if (metres !== null) return metres <= context.params.shopFrontMetres;
  return distanceToPolyline(footPoint(box), line, aspect) <= MAX_SHOP_HEIGHTS * box[3];
}

/** Distance of two boxes' feet in metres on the zone's ground; null where that is not known. */
export function feetMetres(a: BoxXywh, b: BoxXywh, context: Context): number | null {
  const map = mapOf(context);
  return map ? metresBetween(map, footPoint(a), footPoint(b)) : null;
}
