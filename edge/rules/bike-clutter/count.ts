/** Counts parked bikes: outside bays, on sensitive areas, and in each bay. */
import type { RuleContext } from '../../domain/rule.ts';
import { footPoint } from '../../geometry/box.ts';
import { inPolygon } from '../../geometry/polygon.ts';
import type { StandingBike } from './standing.ts';

type Context = RuleContext<'bike-clutter'>;

export type BikeCount = {
  readonly total: number;
  readonly capacity: number;
  readonly outside: readonly StandingBike[];
  /** Bikes of each criterion, in the order of `criteriaOf`. */
  readonly of: readonly (readonly StandingBike[])[];
};

/** Parked bikes by the foot point of their mean outline: in a bay, else outside bays and on each sensitive area there. */
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
