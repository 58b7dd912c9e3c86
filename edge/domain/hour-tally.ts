/** What was counted in one zone in one hour: observations folded by the statistics of their kind. Pure. */
import { HOUR_MS, statisticsOf } from '../../contracts/observations.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import type { Observation } from './rule.ts';

export type HourTally = {
  readonly camera: string;
  readonly zone: string;
  readonly kind: ViolationKind;
  /** Start of the hour, ms since the epoch, camera time. */
  readonly hour: number;
  readonly watchedMs: number;
  /** By name; one that nothing was counted for is not there. */
  readonly statistics: Readonly<Record<string, number>>;
};

/** Start of the UTC hour that an instant lies in, ms. */
export const hourOf = (at: number): number => Math.floor(at / HOUR_MS) * HOUR_MS;

/** One observation as figures of its kind's statistics. */
export function figuresOf(observation: Observation): Readonly<Record<string, number>> {
  const statistics = Object.entries(statisticsOf(observation.kind) ?? {});
  return Object.fromEntries(statistics.map(([name, { of }]) => [name, of(observation.observed as never)]));
}

/** Two parts of the same hour as one; the order of parts does not matter. */
export function foldTallies(a: HourTally, b: HourTally): HourTally {
  const folds = statisticsOf(a.kind) ?? {};
  const statistics = { ...a.statistics };
  for (const [name, value] of Object.entries(b.statistics)) {
    const known = statistics[name] ?? 0;
    statistics[name] = folds[name]?.fold === 'max' ? Math.max(known, value) : known + value;
  }
  return { ...a, watchedMs: Math.min(HOUR_MS, a.watchedMs + b.watchedMs), statistics };
}

const keyOf = ({ camera, zone, kind, hour }: HourTally): string => JSON.stringify([camera, zone, kind, hour]);

/** One tally for each zone, kind and hour. */
export function mergeTallies(tallies: readonly HourTally[]): HourTally[] {
  const merged = new Map<string, HourTally>();
  for (const tally of tallies) {
    const known = merged.get(keyOf(tally));
    merged.set(keyOf(tally), known ? foldTallies(known, tally) : tally);
  }
  return [...merged.values()];
}
