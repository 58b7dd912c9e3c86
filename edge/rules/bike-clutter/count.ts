/** Counts parked bikes: outside bays, on sensitive areas, and in each bay. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { RuleContext } from '../../domain/rule.ts';
import { footPoint } from '../../geometry/box.ts';
import { inPolygon } from '../../geometry/polygon.ts';
import type { StandingBike } from './standing.ts';

type Context = RuleContext<'bike-clutter'>;
type Reason = Detail<'bike-clutter'>['reason'];

/** One way in which a zone can be cluttered: its bikes, and what is too many of them. */
export type Matter = {
  /** Names the matter in the state and in keys: the reason, and the bay or area. */
  readonly id: string;
  readonly reason: Reason;
  readonly place: string | null;
  /** From this count on it is too many, for so long. */
  readonly threshold: number;
  readonly holdMs: number;
  /** Below this count it is over. */
  readonly low: number;
};

export type BikeCount = {
  readonly total: number;
  readonly capacity: number;
  readonly outside: readonly StandingBike[];
  /** Bikes of each matter, in the order of `mattersOf`. */
  readonly of: readonly (readonly StandingBike[])[];
};

/** The matters of a zone, in a fixed order. */
export function mattersOf({ zone, params }: Context): Matter[] {
  const { endShare } = params;
  const outside: Matter = {
    id: 'outside-bay',
    reason: 'outside-bay',
    place: null,
    threshold: params.minCount,
    holdMs: params.holdSeconds * 1000,
    low: endShare * params.minCount,
  };
  const sensitive = (zone.sensitive ?? []).map(
    ({ id }): Matter => ({
      id: `sensitive-surface-${id}`,
      reason: 'sensitive-surface',
      place: id,
      threshold: params.sensitiveCount,
      holdMs: params.sensitiveHoldSeconds * 1000,
      low: endShare * params.sensitiveCount,
    }),
  );
  const bays = (zone.bays ?? []).map(({ id, capacity }): Matter => {
    // "More than 120 %": a bay that is exactly so full is not overfull.
    const most = Math.floor(params.bayOverfill * capacity + 1e-9);
    return {
      id: `bay-overfull-${id}`,
      reason: 'bay-overfull',
      place: id,
      threshold: most + 1,
      holdMs: params.bayHoldSeconds * 1000,
      low: endShare * params.bayOverfill * capacity,
    };
  });
  return [outside, ...sensitive, ...bays];
}

export function countBikes(memory: readonly StandingBike[], { zone }: Context): BikeCount {
  const bays = zone.bays ?? [];
  const areas = zone.sensitive ?? [];
  const outside: StandingBike[] = [];
  const inArea: StandingBike[][] = areas.map(() => []);
  const inBay: StandingBike[][] = bays.map(() => []);
  let total = 0;
  for (const bike of memory) {
    if (!bike.parked) continue;
    const foot = footPoint(bike.box);
    const bay = bays.findIndex(({ polygon }) => inPolygon(foot, polygon));
    if (bay < 0 && !inPolygon(foot, zone.polygon)) continue;
    total++;
    if (bay >= 0) {
      inBay[bay]?.push(bike);
      continue;
    }
    outside.push(bike);
    for (const [i, { polygon }] of areas.entries()) if (inPolygon(foot, polygon)) inArea[i]?.push(bike);
  }
  return {
    total,
    capacity: bays.reduce((sum, { capacity }) => sum + capacity, 0),
    outside,
    of: [outside, ...inArea, ...inBay],
  };
}
