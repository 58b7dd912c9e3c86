/** The best of a row of scores, and the score that each label must reach. */
import type { Label, Thresholds } from '../domain/model-card.ts';
import type { Calibration, ChanceOf } from './calibration.ts';

export type MinScores = {
  /** One a label, as the graph gives scores: the least that is worth the card's threshold. */
  readonly byLabel: Float64Array;
  /** The lowest of them. */
  readonly lowest: number;
  /** A box is reported under each label that reaches its own, and not under the best alone. */
  readonly everyLabel: boolean;
  /** What a score of the graph is worth, to compare labels by; null: what it says. */
  readonly chanceOf: ChanceOf | null;
};

/**
 * The scores that a card asks of each of its labels. Thresholds are chances where a label has a curve; the low one that
 * asks for every box is the graph's own, so that no curve decides which boxes average precision is counted over.
 */
export function minScoresOf(
  thresholds: Thresholds,
  labels: readonly Label[],
  calibration: Calibration | null = null,
): MinScores {
  const everyLabel = thresholds.everyLabel === true;
  const byLabel = Float64Array.from(labels, ({ name }, label) => {
    const asked = thresholds.byLabel[name] ?? thresholds.score;
    return calibration && !everyLabel ? calibration.scoreOf(label, asked) : asked;
  });
  return { byLabel, lowest: Math.min(...byLabel), everyLabel, chanceOf: calibration?.chanceOf ?? null };
}

/**
 * Offset of the greatest value times `scale` that reaches its own minimum, the first of equals; -1 when none does. What
 * is a little more of a car but too little of one may still be enough of a truck. With a calibration the greatest is
 * that of the greatest chance.
 * @example with minima of 0.7 and 0.4: labelAbove(Float32Array.of(0.6, 0.5), 0, min) // 1
 */
export function labelAbove(
  data: Float32Array,
  from: number,
  { byLabel, chanceOf }: Pick<MinScores, 'byLabel' | 'chanceOf'>,
  scale = 1,
  step = 1,
): number {
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0, at = from; i < byLabel.length; i++, at += step) {
    const value = (data[at] ?? 0) * scale;
    // Nearly every cell ends here, before anything is computed.
    if (!(value >= (byLabel[i] ?? 0))) continue;
    const worth = chanceOf ? chanceOf(i, value) : value;
    if (worth > top) {
      top = worth;
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
