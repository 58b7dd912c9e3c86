/** A model card that was checked: nothing is optional, labels are written out. */
import type { CameraScores } from '../domain/camera-scores.ts';
import type { Composite } from '../domain/composite.ts';
import type { CardInput, Label, Thresholds } from '../domain/model-card.ts';
import type { ScoreCurves } from '../domain/score-curve.ts';
import type { FamilyOutputs } from './families.ts';

export type ModelSpec = {
  readonly name: string;
  readonly version: string;
  readonly file: string;
  /** The card's, or the one that was given when the weights were fetched. */
  readonly sha256: string;
  readonly licence: string;
  readonly input: Required<CardInput>;
  readonly outputs: FamilyOutputs;
  readonly thresholds: Thresholds;
  /** What scores are worth, by the name of a label; a label without a curve keeps the graph's. */
  readonly calibration?: ScoreCurves;
  readonly labels: readonly Label[];
  readonly composites: readonly Composite[];
};

/** The model as one camera has it: what that camera says of a label stands in place of the card's. */
export function forCamera(spec: ModelSpec, { thresholds, calibration }: CameraScores): ModelSpec {
  const byLabel = { ...spec.thresholds.byLabel, ...thresholds };
  return {
    ...spec,
    thresholds: { ...spec.thresholds, byLabel },
    ...(calibration ? { calibration: { ...spec.calibration, ...calibration } } : {}),
  };
}

/**
 * The model as average precision asks for it: weak boxes too, down to `minScore` of the graph's own, each label for
 * itself. A lorry and a muck truck in one
 * place are two answers then, and each is weighed against its own truth; on a camera they would be one thing reported
 * twice.
 */
export function forScoring(spec: ModelSpec, minScore: number, maxBoxes: number): ModelSpec {
  const { nmsIou } = spec.thresholds;
  const thresholds = { score: minScore, byLabel: {}, nmsIou, classGroups: [], maxBoxes, everyLabel: true };
  return { ...spec, thresholds };
}
