/** Everything that verdicts say of one camera: a row a concept, and the settings that are proposed. Nothing is applied. */
import type { CameraScores } from '../../edge/domain/camera-scores.ts';
import type { Label, Thresholds } from '../../edge/domain/model-card.ts';
import { readScoreCurve, type ScoreCurve, type ScoreCurves } from '../../edge/domain/score-curve.ts';
import { AppError } from '../../platform/app-error.ts';
import { curveAfter } from './fit-curve.ts';
import { judgedCases, type LeftOut } from './judged.ts';
import { type ConceptProposal, type ProposalAim, proposeThreshold } from './propose.ts';
import type { VerdictFile } from './read-verdicts.ts';

/** The model as the camera has it now: its card, with the camera's own scores in place of the card's. */
export type PresentModel = {
  readonly name: string;
  readonly version: string;
  readonly labels: readonly Label[];
  readonly thresholds: Pick<Thresholds, 'score' | 'byLabel'>;
  readonly calibration?: ScoreCurves;
};

export type AdaptationRow = {
  readonly concept: string;
  readonly right: number;
  readonly wrong: number;
  /** Null: too few of one sort. */
  readonly proposal: ConceptProposal | null;
};

export type Adaptation = {
  readonly camera: string;
  readonly model: { readonly name: string; readonly version: string };
  readonly exportedAt: string;
  readonly aim: ProposalAim;
  readonly rows: readonly AdaptationRow[];
  readonly leftOut: LeftOut;
  /** What would stand under the camera's `scores`; null where the present settings are the best that is known. */
  readonly scores: CameraScores | null;
};

export type AdaptationOptions = {
  readonly camera: string;
  readonly present: PresentModel;
  /** What stands under the camera's `scores` now; it stays but for what is proposed anew. */
  readonly own?: CameraScores;
  readonly aim: ProposalAim;
  /** Only cases that began at this instant or later. */
  readonly since?: string;
  /** Propose the curve too, and thresholds as chances of it. */
  readonly calibrate: boolean;
};

const thresholdOf = ({ thresholds }: PresentModel, label: string): number =>
  thresholds.byLabel[label] ?? thresholds.score;

function labelsOfConcept({ labels }: PresentModel, concept: string): string[] {
  return labels.filter((label) => label.concept === concept).map(({ name }) => name);
}

const roundUp = (value: number): number => Math.min(1, Math.ceil(value * 1e4) / 1e4);

/** The settings of one concept's labels, where the proposal moves anything. */
function scoresOf({ concept, proposal }: AdaptationRow, { present, calibrate }: AdaptationOptions) {
  const thresholds: Record<string, number> = {};
  const calibration: Record<string, ScoreCurve> = {};
  if (!proposal || (!calibrate && proposal.proposed <= proposal.now)) return { thresholds, calibration };
  for (const label of labelsOfConcept(present, concept)) {
    const threshold = Math.max(thresholdOf(present, label), proposal.proposed);
    thresholds[label] = threshold;
    if (!calibrate) continue;
    const before = present.calibration?.[label];
    const after = curveAfter(before, proposal.curve);
    calibration[label] = after;
    // The same boxes pass: the score that is worth the threshold now, as the new curve reads it.
    const score = before ? readScoreCurve(before).scoreOf(threshold) : threshold;
    thresholds[label] = roundUp(readScoreCurve(after).chanceOf(score));
  }
  return { thresholds, calibration };
}

function proposedScores(rows: readonly AdaptationRow[], options: AdaptationOptions): CameraScores | null {
  const found = rows.map((row) => scoresOf(row, options));
  const thresholds = Object.assign({}, ...found.map((one) => one.thresholds)) as Record<string, number>;
  const calibration = Object.assign({}, ...found.map((one) => one.calibration)) as ScoreCurves;
  if (Object.keys(thresholds).length === 0) return null;
  const curves = { ...options.own?.calibration, ...calibration };
  return {
    fittedTo: { model: options.present.name, version: options.present.version },
    thresholds: { ...options.own?.thresholds, ...thresholds },
    ...(Object.keys(curves).length > 0 ? { calibration: curves } : {}),
  };
}

function tooFew(
  rows: readonly AdaptationRow[],
  leftOut: LeftOut,
  { camera, present, aim }: AdaptationOptions,
): AppError {
  const seen = rows.map(({ concept, right, wrong }) => `${concept} ${right} right and ${wrong} wrong`).join(', ');
  const { otherModel, elsewhere, unclear, severalBoxes } = leftOut;
  const rest = `${otherModel} of another model, ${elsewhere} of other cameras or times, ${unclear} unclear, ${severalBoxes} of several boxes`;
  return new AppError(
    'EVAL_FEW_VERDICTS',
    `camera ${camera}, ${present.name} ${present.version}: ${seen || 'no verdict on a box'}, needs ${aim.minEach} of each (left out: ${rest})`,
  );
}

/** @throws EVAL_FEW_VERDICTS where no concept has enough verdicts of both sorts */
export function adaptCamera({ header, verdicts }: VerdictFile, options: AdaptationOptions): Adaptation {
  const { camera, present, aim, since } = options;
  const concepts = new Set<string>(present.labels.map(({ concept }) => concept));
  const of = { camera, model: present, concepts, ...(since === undefined ? {} : { since }) };
  const { cases, leftOut } = judgedCases(verdicts, of);
  const rows = [...new Set(cases.map(({ concept }) => concept))].sort().map((concept): AdaptationRow => {
    const own = cases.filter((one) => one.concept === concept);
    const right = own.filter((one) => one.right).length;
    const now = Math.min(...labelsOfConcept(present, concept).map((label) => thresholdOf(present, label)));
    return { concept, right, wrong: own.length - right, proposal: proposeThreshold(own, now, aim) };
  });
  if (rows.every(({ proposal }) => proposal === null)) throw tooFew(rows, leftOut, options);
  const { name, version } = present;
  return {
    ...{ camera, model: { name, version }, exportedAt: header.exportedAt, aim, rows, leftOut },
    scores: proposedScores(rows, options),
  };
}
