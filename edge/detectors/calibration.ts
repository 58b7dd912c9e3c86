/** A card's curves by the number of a label: applied as boxes are collected, before any score is compared with another. */
import type { Label } from '../domain/model-card.ts';
import { readScoreCurve, type ScoreCurves } from '../domain/score-curve.ts';

/** Chance that a box is right, from the number of its label and the graph's score of it. */
export type ChanceOf = (label: number, score: number) => number;

export type Calibration = {
  readonly chanceOf: ChanceOf;
  /** The graph's score that is worth this chance. */
  readonly scoreOf: (label: number, chance: number) => number;
};

/** Null where no label has a curve: then scores are what the graph says. Neither function allocates. */
export function createCalibration(curves: ScoreCurves | undefined, labels: readonly Label[]): Calibration | null {
  const read = labels.map(({ name }) => {
    const curve = curves?.[name];
    return curve ? readScoreCurve(curve) : null;
  });
  if (read.every((curve) => curve === null)) return null;
  return {
    chanceOf: (label, score) => read[label]?.chanceOf(score) ?? score,
    scoreOf: (label, chance) => read[label]?.scoreOf(chance) ?? chance,
  };
}
