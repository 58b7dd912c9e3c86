/** Counts standing bikes inside and outside bays, and how they block and disorder the place. */
import type { RuleSetting } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { footPoint } from '../../geometry/box.ts';
import { inPolygon, polygonArea } from '../../geometry/polygon.ts';
import { type StandingBike, stands } from './standing.ts';

export type BikeCount = {
  readonly total: number;
  readonly outside: number;
  readonly capacity: number;
  /** Greatest share of a bay's capacity that is taken. */
  readonly overfill: number;
  readonly blockedShare: number | null;
  readonly disorder: number | null;
  readonly bikes: readonly StandingBike[];
};

/** A standing bike covers the ground along its wheels: the lowest part of its box. */
const GROUND_SHARE = 0.35;
const clamp = (value: number) => Math.min(1, Math.max(0, value));

function spread(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (mean <= 0) return 0;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) / mean;
}

/** 0 for a tidy row: shapes alike (one heading) and nearest neighbours equally far. */
function disorderOf(bikes: readonly StandingBike[]): number | null {
  if (bikes.length < 3) return null;
  const shapes = spread(bikes.map(({ box }) => box[2] / Math.max(1e-6, box[3])));
  const feet = bikes.map(({ box }) => footPoint(box));
  const nearest = feet.map((a, i) =>
    Math.min(...feet.filter((_, j) => j !== i).map((b) => Math.hypot(a[0] - b[0], a[1] - b[1]))),
  );
  return clamp((shapes + spread(nearest)) / 1.5);
}

export function countBikes(
  memory: readonly StandingBike[],
  scene: Scene,
  setting: RuleSetting<'bike-clutter'>,
): BikeCount {
  const { zone, params } = setting;
  const bays = zone.bays ?? [];
  const inBay = bays.map(() => 0);
  const outside: StandingBike[] = [];
  let total = 0;
  for (const bike of memory) {
    if (!stands(bike, scene.at, params)) continue;
    const foot = footPoint(bike.box);
    const bay = bays.findIndex(({ polygon }) => inPolygon(foot, polygon));
    if (bay < 0 && !inPolygon(foot, zone.polygon)) continue;
    total++;
    if (bay >= 0) inBay[bay] = (inBay[bay] ?? 0) + 1;
    else outside.push(bike);
  }
  const covered = outside.reduce((sum, { box }) => sum + box[2] * box[3] * GROUND_SHARE, 0);
  return {
    total,
    outside: outside.length,
    capacity: bays.reduce((sum, { capacity }) => sum + capacity, 0),
    overfill: Math.max(0, ...bays.map(({ capacity }, i) => (inBay[i] ?? 0) / capacity)),
    blockedShare: clamp(covered / Math.max(1e-9, polygonArea(zone.polygon))),
    disorder: disorderOf(outside),
    bikes: outside,
  };
}
