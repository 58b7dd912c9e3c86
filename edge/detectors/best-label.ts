/** The best of a row of scores, and the score that each label must reach. */
import type { Label, Thresholds } from '../domain/model-card.ts';

export type MinScores = {
  /** One a label. */
  readonly byLabel: Float64Array;
  /** The lowest of them. */
  readonly lowest: number;
  /** A box is reported under each label that reaches its own, and not under the best alone. */
  readonly everyLabel: boolean;
};

/** The scores that a card asks of each of its labels. */
export function minScoresOf(thresholds: Thresholds, labels: readonly Label[]): MinScores {
  const byLabel = Float64Array.from(labels, ({ name }) => thresholds.byLabel[name] ?? thresholds.score);
  return { byLabel, lowest: Math.min(...byLabel), everyLabel: thresholds.everyLabel === true };
}

/**
 * Offset of the greatest value times `scale` that reaches its own minimum, the first of equals; -1 when none does. What
 * is a little more of a car but too little of one may still be enough of a truck.
 * @example labelAbove(Float32Array.of(0.6, 0.5), 0, Float64Array.of(0.7, 0.4)) // 1
 */
export function labelAbove(data: Float32Array, from: number, minima: Float64Array, scale = 1, step = 1): number {
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0, at = from; i < minima.length; i++, at += step) {
    const value = (data[at] ?? 0) * scale;
    if (value > top && value >= (minima[i] ?? 0)) {
      top = value;
      best = i;
    }
  }
  return best;
}

/** Offset (0..count-1) of the greatest value of `data[from .. from+count-1]`; the first of equals. */
export function bestLabel(data: Float32Array, from: number, count: number): number {
  let best = 0;
  let top = data[from] ?? 0;
  for (let i = 1; i < count; i++) {
    const value = data[from + i] ?? 0;
    if (value > top) {
      top = value;
      best = i;
    }
  }
  return best;
}
