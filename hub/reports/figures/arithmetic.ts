/** Shares, tallies and quantiles. Pure. */
import type { RatedCount, Tally } from '../../../contracts/api/report-figures.ts';

/** A share with its denominator; of nothing it has no value. */
export function shareOf(count: number, of: number): RatedCount {
  return { count, of, value: of === 0 ? null : count / of };
}

/** How often each key comes, the most frequent first, then by name; keys of `known` are listed though they never come. */
export function tally<T>(
  items: readonly T[],
  keyOf: (item: T) => string | null,
  known: readonly string[] = [],
): Tally[] {
  const counts = new Map<string | null, number>(known.map((key) => [key, 0]));
  for (const item of items) {
    const key = keyOf(item);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts]
    .map(([key, count]) => ({ key, count }))
    .sort((a, b) => b.count - a.count || (a.key ?? '\uffff').localeCompare(b.key ?? '\uffff', 'en'));
}

/**
 * Quantile by nearest rank: the smallest value that at least this share of all does not exceed. No value is made up
 * between two others.
 *
 * @param share 0..1
 * @returns null of nothing
 */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  // Not 0.95 * 20 = 19.000000000000004.
  const rank = Math.ceil(Math.round(share * sorted.length * 1e9) / 1e9);
  return sorted[Math.max(0, rank - 1)] ?? null;
}

/** The mean, or null of nothing. */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Items by a key, in the order in which keys come first. */
export function groupBy<K, T>(items: readonly T[], keyOf: (item: T) => K): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}
