/**
 * Reports and events of one incident: a report has no picture, only a kind, a place and a time. It joins where all three
 * agree within narrow bounds, and else stands alone: two cases of one incident cost a merge, one case of two hides one.
 */
import type { Location } from '../../contracts/geometry.ts';
import { type ViolationKind, violations } from '../../contracts/violations/index.ts';
import type { CaseFacts } from './assign.ts';
import { gapMs } from './sighting.ts';

const EARTH_RADIUS_M = 6_371_008.8;
/** A pass of a vehicle is over in moments; what stands may be reported a while later. */
const PASS_MS = 10 * 60_000;
/** A confirmed case is known to stand there until somebody has handled it. */
const OPEN_MS = 24 * 3_600_000;

export type JoinSettings = {
  /** How far apart two positions of one incident may lie, m. */
  readonly metres: number;
  /** How far apart in time, ms. */
  readonly ms: number;
};

export type PlacedCase = Pick<CaseFacts, 'id' | 'phase' | 'startedAt' | 'closedAt' | 'handled'> & {
  /** Latest instant that anybody speaks of, ms since the epoch. */
  readonly until: number;
  readonly location: Location;
};

/** What comes in: a report (both instants are one), or an event beside what was reported. */
export type PlacedSighting = {
  readonly kind: ViolationKind;
  readonly startedAt: number;
  readonly until: number;
  readonly location: Location;
};

export type ReportMatch = {
  readonly caseId: string;
  readonly metres: number;
  /** Time between the two, min; 0 where they overlap. */
  readonly minutes: number;
  /** Other cases that would have agreed, too. */
  readonly others: number;
};

/** Great-circle distance, m (haversine). */
export function metresBetween(a: Location, b: Location): number {
  const rad = Math.PI / 180;
  const [dLat, dLon] = [(b.lat - a.lat) * rad, (b.lon - a.lon) * rad];
  const h = Math.sin(dLat / 2) ** 2 + Math.cos(a.lat * rad) * Math.cos(b.lat * rad) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Degrees that lie at least this far around a place. */
export function boundsAround({ lon, lat }: Location, metres: number) {
  const dLat = (metres / EARTH_RADIUS_M) * (180 / Math.PI) * 1.01;
  const dLon = dLat / Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return { west: lon - dLon, east: lon + dLon, south: lat - dLat, north: lat + dLat };
}

/** How far apart in time a sighting and a case of the kind may lie, ms. */
export function windowMs(kind: ViolationKind, phase: CaseFacts['phase'], settings: JoinSettings): number {
  if (violations[kind].joins === 'event') return Math.min(PASS_MS, settings.ms);
  return phase === 'open' ? Math.max(OPEN_MS, settings.ms) : settings.ms;
}

function agrees(sighting: PlacedSighting, one: PlacedCase, settings: JoinSettings): boolean {
  if (metresBetween(sighting.location, one.location) > settings.metres) return false;
  // What was rejected or expired takes nothing more: somebody else has seen it now.
  if (one.phase === 'over' && !(one.handled && one.closedAt !== null && sighting.startedAt <= one.closedAt))
    return false;
  return gapMs(sighting, one) <= windowMs(sighting.kind, one.phase, settings);
}

/** The case of the kind that it joins: confirmed before undecided before handled, then the nearest; null for none. */
export function matchReport(
  sighting: PlacedSighting,
  cases: readonly PlacedCase[],
  settings: JoinSettings,
): ReportMatch | null {
  const rank = { open: 0, undecided: 1, over: 2 } as const;
  const distance = (one: PlacedCase) => metresBetween(sighting.location, one.location);
  const [first, ...others] = cases
    .filter((one) => agrees(sighting, one, settings))
    .sort((a, b) => rank[a.phase] - rank[b.phase] || distance(a) - distance(b) || (a.id < b.id ? -1 : 1));
  if (!first) return null;
  return {
    caseId: first.id,
    metres: Math.round(distance(first)),
    minutes: Math.round(gapMs(sighting, first) / 60_000),
    others: others.length,
  };
}
