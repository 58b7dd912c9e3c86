/** Counts what a camera's rules observed, and how long each zone was watched, until it is saved with the line's state. */
import { HOUR_MS } from '../../contracts/observations.ts';
import type { ViolationKind } from '../../contracts/violations/index.ts';
import { figuresOf, type HourTally, hourOf, mergeTallies } from '../domain/hour-tally.ts';
import type { Scene } from '../domain/scene.ts';
import { type LastView, viewTimeOf } from '../rules/view-time.ts';
import type { ZoneObservation } from './zone-rules.ts';

export type CountedZones = {
  readonly id: string;
  readonly zones: readonly { readonly id: string; readonly kind: ViolationKind }[];
};

/** `[from, to)` hour by hour. */
function hoursWithin(from: number, to: number): { readonly hour: number; readonly ms: number }[] {
  const parts = [];
  for (let at = from; at < to; ) {
    const next = Math.min(to, hourOf(at) + HOUR_MS);
    parts.push({ hour: hourOf(at), ms: next - at });
    at = next;
  }
  return parts;
}

export function createHourCounter({ id: camera, zones }: CountedZones) {
  const never: LastView = { at: null, watched: false };
  let last = never;
  let tallies: HourTally[] = [];

  function watchedSince(scene: Scene): HourTally[] {
    const { watched, elapsed, certain } = viewTimeOf(last, scene);
    last = { at: scene.at, watched };
    const parts = certain ? hoursWithin(scene.at - elapsed, scene.at) : [];
    return zones.flatMap(({ id: zone, kind }) =>
      parts.map(({ hour, ms }) => ({ camera, zone, kind, hour, watchedMs: ms, statistics: {} })),
    );
  }

  return {
    /** `sure`: the scene's time is known; else nothing is counted, as nobody could tell in which hour. */
    count(scene: Scene, observations: readonly ZoneObservation[], sure: boolean): void {
      if (!sure) {
        last = never;
        return;
      }
      const seen = observations.map(({ zone, observation }): HourTally => {
        const { kind, at } = observation;
        return { camera, zone, kind, hour: hourOf(at), watchedMs: 0, statistics: figuresOf(observation) };
      });
      tallies.push(...watchedSince(scene), ...seen);
    },
    /** Everything since it was asked last. */
    take(): readonly HourTally[] {
      const taken = mergeTallies(tallies);
      tallies = [];
      return taken;
    },
  };
}
