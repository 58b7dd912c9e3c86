/** What a score is worth as a chance: reliability bins and expected calibration error (C. Guo et al., 2017, arXiv:1706.04599). */
import { type Share, shareOf } from './share.ts';

/** One found box: its score, and whether it hit a true one. Boxes that count neither way are left out beforehand. */
export type ScoredBox = { readonly score: number; readonly right: boolean };

/** Boxes whose scores lie in [from, to), the last bin's end included. */
export type ReliabilityBin = {
  readonly from: number;
  readonly to: number;
  /** 0..1; null for an empty bin. */
  readonly meanScore: number | null;
  /** Of the boxes of this bin, the right ones: on the diagonal it equals `meanScore`. */
  readonly right: Share;
};

export type Reliability = {
  readonly boxes: number;
  readonly bins: readonly ReliabilityBin[];
  /** Σ boxes of a bin / all · |share right − mean score|, 0..1; null without a box. */
  readonly expectedCalibrationError: number | null;
  /** Greatest |share right − mean score| of a bin with at least `minBoxes`; null where none has. */
  readonly maximumCalibrationError: number | null;
  /** Mean of (score − right)², 0..1 (G. Brier, 1950); null without a box. */
  readonly brier: number | null;
};

type ReliabilityOptions = {
  /** Equal widths over 0..1. */
  readonly bins?: number;
  /** Fewer boxes than this say nothing about the greatest error. */
  readonly minBoxes?: number;
};

/**
 * Reliability of scores 0..1 in bins of equal width (default 10), as Guo et al. draw them. Weak boxes are by far the
 * most, so give the boxes that a reader would be shown, e.g. from a score of 0.05 on, and say from where.
 * @example reliabilityOf([{ score: 0.9, right: true }]).bins[9]?.right.value // 1
 */
export function reliabilityOf(boxes: readonly ScoredBox[], options: ReliabilityOptions = {}): Reliability {
  const { bins: count = 10, minBoxes = 10 } = options;
  const boxesOf = new Int32Array(count);
  const rightOf = new Int32Array(count);
  const scoreOf = new Float64Array(count);
  let squares = 0;
  for (const { score, right } of boxes) {
    const bin = Math.max(0, Math.min(count - 1, Math.floor(score * count)));
    boxesOf[bin] = (boxesOf[bin] ?? 0) + 1;
    rightOf[bin] = (rightOf[bin] ?? 0) + Number(right);
    scoreOf[bin] = (scoreOf[bin] ?? 0) + score;
    squares += (score - Number(right)) ** 2;
  }
  const bins = Array.from({ length: count }, (_, i): ReliabilityBin => {
    const cases = boxesOf[i] ?? 0;
    const meanScore = cases === 0 ? null : (scoreOf[i] ?? 0) / cases;
    return { from: i / count, to: (i + 1) / count, meanScore, right: shareOf(rightOf[i] ?? 0, cases) };
  });
  const gaps = bins.flatMap(({ meanScore, right }) =>
    meanScore === null ? [] : [{ cases: right.cases, gap: Math.abs((right.value ?? 0) - meanScore) }],
  );
  const all = boxes.length;
  const greatest = gaps.filter(({ cases }) => cases >= minBoxes).map(({ gap }) => gap);
  return {
    boxes: all,
    bins,
    expectedCalibrationError: all === 0 ? null : gaps.reduce((sum, { cases, gap }) => sum + cases * gap, 0) / all,
    maximumCalibrationError: greatest.length === 0 ? null : Math.max(...greatest),
    brier: all === 0 ? null : squares / all,
  };
}
