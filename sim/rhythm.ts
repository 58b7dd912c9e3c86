/** How a day goes by at each kind of camera: when its violations begin and how many there are. Pure. */
import type { CameraKind } from '../contracts/camera-kind.ts';
import type { ViolationKind } from '../contracts/violations/index.ts';

export type Rhythm = {
  readonly kind: ViolationKind;
  /** Violations of one camera in one day. */
  readonly perDay: number;
  /** By the hour of the local day, in any measure. */
  readonly hours: readonly number[];
  /** How long one lasts, minutes, at least and at most; 0 = told once, as a gate pass is. */
  readonly lasts: readonly [number, number];
};

/** Breakfast carts, then the evening market until the street is swept. */
const trade = [1, 0, 0, 0, 0, 2, 6, 8, 6, 3, 3, 4, 4, 2, 2, 3, 5, 8, 10, 10, 9, 7, 4, 2];
/** The two ways of commuters. */
const bikes = [1, 0, 0, 0, 0, 1, 3, 8, 9, 5, 3, 3, 4, 3, 3, 3, 5, 9, 9, 6, 4, 3, 2, 1];
/** Muck is hauled by night (Quanzhou: 20:00 to 5:00), and some by day. */
const haulage = [9, 9, 8, 7, 6, 3, 1, 1, 1, 2, 2, 2, 1, 1, 2, 2, 2, 1, 1, 3, 8, 10, 10, 10];

/** A busy city: some thousand violations a day over the fleet of the mission. */
export const rhythms: Readonly<Record<CameraKind, readonly Rhythm[]>> = {
  street: [{ kind: 'road-stall', perDay: 8, hours: trade, lasts: [10, 90] }],
  heritage: [
    { kind: 'road-stall', perDay: 12, hours: trade, lasts: [5, 60] },
    { kind: 'bike-clutter', perDay: 3, hours: bikes, lasts: [20, 120] },
  ],
  bike: [{ kind: 'bike-clutter', perDay: 6, hours: bikes, lasts: [15, 180] }],
  gate: [{ kind: 'muck-truck', perDay: 10, hours: haulage, lasts: [0, 0] }],
};

const HOUR_MS = 3_600_000;
/** Beijing time has no summer time. */
const LOCAL_MS = 8 * HOUR_MS;

/** Share of the busiest hour, 0 to 1. @param at ms since the epoch */
export function busyAt({ hours }: Rhythm, at: number): number {
  return (hours[Math.floor((at + LOCAL_MS) / HOUR_MS) % 24] ?? 0) / Math.max(...hours);
}

/** Violations an hour in the busiest hour. */
export function busiestRate({ hours, perDay }: Rhythm): number {
  return (perDay * Math.max(...hours)) / hours.reduce((sum, hour) => sum + hour, 0);
}

/** When the next one begins: chance, as often as the hour wants it. @param after ms since the epoch */
export function nextBeginning(rhythm: Rhythm, after: number, random: () => number): number {
  const rate = busiestRate(rhythm) / HOUR_MS;
  // Thinning (Lewis and Shedler, 1979): as often as in the busiest hour, and each kept by the share of its own hour.
  for (let at = after; ; ) {
    at += -Math.log(1 - random()) / rate;
    if (random() < busyAt(rhythm, at)) return Math.round(at);
  }
}
