/** Medians with what lies around them, and ratios that are taken round by round. Pure. */

export type Spread = { readonly median: number; readonly min: number; readonly max: number };

/**
 * The middle value, of an even number the mean of the two; NaN of none.
 * @example median([3, 1, 2, 10]) // 2.5
 */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const upper = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[half - 1] ?? Number.NaN) + upper) / 2;
}

/** Median, least and greatest. */
export function spread(values: readonly number[]): Spread {
  return { median: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/** Each round's own ratio: what loads the machine in a round loads both sides of it. */
export function ratios(over: readonly number[], under: readonly number[]): Spread {
  if (over.length !== under.length) throw new Error('ratios need two values of each round');
  return spread(over.map((value, round) => value / (under[round] as number)));
}

/** Least squares through (x, y): how much y grows with each x. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (at: 0 | 1) => points.reduce((sum, point) => sum + point[at], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [across, along] = [0, 0];
  for (const [x, y] of points) {
    across += (x - meanX) * (y - meanY);
    along += (x - meanX) ** 2;
  }
  return along === 0 ? 0 : across / along;
}
