/**
 * Scores tracks against truth: CLEAR-MOT (K. Bernardin, R. Stiefelhagen, 2008) with continuity of matches, and IDF1
 * (E. Ristani et al., 2016). Boxes match at IoU ≥ 0.5, as MOTChallenge does.
 */
import { assign } from '../../edge/geometry/assignment.ts';
import { iou } from '../../edge/geometry/box.ts';
import { byFrame, type MotBox } from '../../evaluation/truth/mot-file.ts';

export type MotScore = {
  readonly truth: number;
  readonly predictions: number;
  readonly falsePositives: number;
  readonly misses: number;
  readonly idSwitches: number;
  /** Per cent; may be below 0. */
  readonly mota: number;
  /** Mean IoU of the matches, per cent. */
  readonly motp: number;
  readonly recall: number;
  readonly precision: number;
  readonly idf1: number;
};

const MATCH_IOU = 0.5;
/** Above any sum of allowed costs of a frame: as many pairs as possible come first, then the best overlaps. */
const FORBIDDEN = 1e6;

function matchRest(truth: readonly MotBox[], predicted: readonly MotBox[]): [MotBox, MotBox][] {
  const cost = new Float64Array(truth.length * predicted.length);
  truth.forEach((t, i) => {
    predicted.forEach((p, j) => {
      const overlap = iou(t.box, p.box);
      cost[i * predicted.length + j] = overlap >= MATCH_IOU ? 1 - overlap : FORBIDDEN;
    });
  });
  const out = new Int32Array(truth.length);
  assign(cost, truth.length, predicted.length, out);
  return truth.flatMap((t, i): [MotBox, MotBox][] => {
    const p = predicted[out[i] as number];
    return p && (cost[i * predicted.length + (out[i] as number)] as number) < FORBIDDEN ? [[t, p]] : [];
  });
}

/** Matches of a frame: those of before that still hold, then the best of the rest. */
function matchFrame(
  truth: readonly MotBox[],
  predicted: readonly MotBox[],
  last: ReadonlyMap<number, number>,
): [MotBox, MotBox][] {
  const kept: [MotBox, MotBox][] = [];
  const taken = new Set<MotBox>();
  for (const t of truth) {
    const p = predicted.find((candidate) => candidate.id === last.get(t.id));
    if (!p || taken.has(p) || iou(t.box, p.box) < MATCH_IOU) continue;
    kept.push([t, p]);
    taken.add(t).add(p);
  }
  return [
    ...kept,
    ...matchRest(
      truth.filter((t) => !taken.has(t)),
      predicted.filter((p) => !taken.has(p)),
    ),
  ];
}

/** Frames in which a true and a predicted identity could be the same; the cheapest global pairing gives IDF1. */
function idTruePositives(truth: Map<number, MotBox[]>, predicted: Map<number, MotBox[]>): number {
  const shared = new Map<string, number>();
  const truthIds = new Set<number>();
  const predictedIds = new Set<number>();
  for (const rows of truth.values()) for (const row of rows) truthIds.add(row.id);
  for (const rows of predicted.values()) for (const row of rows) predictedIds.add(row.id);
  for (const [frame, rows] of truth) {
    for (const t of rows) {
      for (const p of predicted.get(frame) ?? []) {
        if (iou(t.box, p.box) < MATCH_IOU) continue;
        const key = `${t.id} ${p.id}`;
        shared.set(key, (shared.get(key) ?? 0) + 1);
      }
    }
  }
  const rows = [...truthIds];
  const cols = [...predictedIds];
  const cost = Float64Array.from(rows.flatMap((t) => cols.map((p) => -(shared.get(`${t} ${p}`) ?? 0))));
  const out = new Int32Array(rows.length);
  assign(cost, rows.length, cols.length, out);
  return rows.reduce(
    (sum, _, i) => sum - ((out[i] as number) < 0 ? 0 : (cost[i * cols.length + (out[i] as number)] as number)),
    0,
  );
}

/** Rows of both files in any order. Rows of truth that must not count (flag column 0) are left out by the caller. */
export function scoreTracks(truthRows: readonly MotBox[], predictedRows: readonly MotBox[]): MotScore {
  const truth = byFrame(truthRows);
  const predicted = byFrame(predictedRows);
  const frames = [...new Set([...truth.keys(), ...predicted.keys()])].sort((a, b) => a - b);
  const last = new Map<number, number>();
  let matches = 0;
  let overlap = 0;
  let idSwitches = 0;
  for (const frame of frames) {
    for (const [t, p] of matchFrame(truth.get(frame) ?? [], predicted.get(frame) ?? [], last)) {
      const before = last.get(t.id);
      if (before !== undefined && before !== p.id) idSwitches++;
      last.set(t.id, p.id);
      matches++;
      overlap += iou(t.box, p.box);
    }
  }
  const falsePositives = predictedRows.length - matches;
  const misses = truthRows.length - matches;
  const per = (part: number, whole: number) => (whole > 0 ? (100 * part) / whole : 0);
  return {
    truth: truthRows.length,
    predictions: predictedRows.length,
    falsePositives,
    misses,
    idSwitches,
    mota: 100 - per(falsePositives + misses + idSwitches, truthRows.length),
    motp: per(overlap, matches),
    recall: per(matches, truthRows.length),
    precision: per(matches, predictedRows.length),
    idf1: per(2 * idTruePositives(truth, predicted), truthRows.length + predictedRows.length),
  };
}
