/** The forms in which figures are given: shares with their cases, rates with their hours, delays. */
import { poisson } from './poisson.ts';
import { type Interval, wilson } from './wilson.ts';

/** A share with the cases it rests on; null for no case. */
export type Share = { readonly hits: number; readonly cases: number; readonly value: number | null } & {
  readonly interval95: Interval | null;
};

/** @example shareOf(3, 4).value // 0.75 */
export function shareOf(hits: number, cases: number): Share {
  return { hits, cases, value: cases === 0 ? null : hits / cases, interval95: wilson(hits, cases) };
}

/** How often something came in an hour of watching; null where nobody watched. */
export type Rate = {
  readonly count: number;
  readonly hours: number;
  readonly perHour: number | null;
  readonly interval95: Interval | null;
};

/** Rate with Garwood's interval. @param hours watched */
export function rateOf(count: number, hours: number): Rate {
  if (hours <= 0) return { count, hours, perHour: null, interval95: null };
  const { low, high } = poisson(count);
  return { count, hours, perHour: count / hours, interval95: { low: low / hours, high: high / hours } };
}

/** From due to reported, s; negative when it was reported early. */
export type Delays = {
  readonly cases: number;
  readonly median: number;
  readonly p90: number;
  readonly worst: number;
};

/** Median (the upper one of two), ninetieth percentile by nearest rank, and the worst; null for no case. */
export function delaysOf(delays: readonly number[]): Delays | null {
  const sorted = [...delays].sort((a, b) => a - b);
  const worst = sorted.at(-1);
  if (worst === undefined) return null;
  const at = (index: number) => sorted[Math.min(sorted.length - 1, index)] ?? worst;
  return {
    cases: sorted.length,
    median: at(Math.floor(sorted.length / 2)),
    p90: at(Math.ceil(0.9 * sorted.length) - 1),
    worst,
  };
}
