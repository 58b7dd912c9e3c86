/**
 * What a source's scores are worth. One detector cuts its boxes at 0.5 and calls nearly all of them 0.99, another counts
 * to 100: thresholds carry over only after scores mean the same. What is there is found again in the next frame, and
 * what is not mostly is not; so a sequence tells the worth of its own scores, and no truth is asked.
 */
import { iou } from '../../edge/geometry/box.ts';
import { byFrame, type MotRow } from '../truth/mot-file.ts';

/**
 * Least IoU of one thing's boxes in two neighbouring frames: the strictest at which the surest are found again often
 * enough. Seen from a moving car, things move by half their width from frame to frame.
 */
const SAME_IOUS = [0.5, 0.4, 0.3, 0.2, 0.1] as const;
const MIN_SURE = 0.6;
/** Neighbours in which a detection is asked for: two frames before and two after. */
const NEIGHBOURS = 4;
/** Comparisons with a neighbouring frame below which a source has shown too little of itself. */
const MIN_COMPARISONS = 100;
/** Share of the comparisons, the best scores first, that stands for what this detector finds again when it is sure. */
const SURE_SHARE = 0.5;

/** Comparisons into neighbouring frames, and how many of them found the thing again. */
type Comparisons = { readonly score: number; comparisons: number; found: number };

/** The usual distance of two frames: files leave frames out in which nothing was found. */
function strideOf(frames: readonly number[]): number {
  const counts = new Map<number, number>();
  for (let i = 1; i < frames.length; i++) {
    const gap = (frames[i] as number) - (frames[i - 1] as number);
    counts.set(gap, (counts.get(gap) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]?.[0] ?? 1;
}

function compare(
  before: readonly MotRow[],
  after: readonly MotRow[],
  sameIou: number,
  of: ReadonlyMap<MotRow, Comparisons>,
): void {
  const pairs: { readonly a: MotRow; readonly b: MotRow; readonly overlap: number }[] = [];
  for (const a of before) {
    for (const b of after) {
      const overlap = iou(a.box, b.box);
      if (overlap >= sameIou) pairs.push({ a, b, overlap });
    }
  }
  pairs.sort((p, q) => q.overlap - p.overlap);
  const taken = new Set<MotRow>();
  for (const { a, b } of pairs) {
    // One thing is found again once: the second box of a pair of doubles has nobody.
    if (taken.has(a) || taken.has(b)) continue;
    for (const row of [a, b]) {
      taken.add(row);
      (of.get(row) as Comparisons).found += 1;
    }
  }
  for (const row of [...before, ...after]) (of.get(row) as Comparisons).comparisons += 1;
}

/** Comparisons by score at that overlap, the lowest first; equal scores are one entry. */
function comparisonsByScore(rows: readonly MotRow[], sameIou: number): Comparisons[] {
  const frames = byFrame(rows);
  const numbers = [...frames.keys()].sort((a, b) => a - b);
  const stride = strideOf(numbers);
  const last = numbers.at(-1) ?? 0;
  const byScore = new Map<number, Comparisons>();
  for (const { score } of rows) if (!byScore.has(score)) byScore.set(score, { score, comparisons: 0, found: 0 });
  const of = new Map(rows.map((row) => [row, byScore.get(row.score) as Comparisons]));
  for (const number of numbers) {
    if (number + stride <= last) compare(frames.get(number) ?? [], frames.get(number + stride) ?? [], sameIou, of);
  }
  return [...byScore.values()].filter(({ comparisons }) => comparisons > 0).sort((a, b) => a.score - b.score);
}

type Step = { readonly from: number; readonly comparisons: number; readonly found: number };

/** Isotonic regression by pooling adjacent violators (M. Ayer et al., 1955): a better score is worth no less. */
function risingSteps(points: readonly Comparisons[]): Step[] {
  const steps: Step[] = [];
  for (const { score, comparisons, found } of points) {
    let step: Step = { from: score, comparisons, found };
    let before = steps.at(-1);
    while (before && before.found * step.comparisons >= step.found * before.comparisons) {
      step = {
        from: before.from,
        comparisons: before.comparisons + step.comparisons,
        found: before.found + step.found,
      };
      steps.pop();
      before = steps.at(-1);
    }
    steps.push(step);
  }
  return steps;
}

function sureShare(points: readonly Comparisons[]): number {
  const all = points.reduce((sum, { comparisons }) => sum + comparisons, 0);
  let comparisons = 0;
  let found = 0;
  for (const point of points.toReversed()) {
    if (comparisons >= SURE_SHARE * all) break;
    comparisons += point.comparisons;
    found += point.found;
  }
  return found / comparisons;
}

/**
 * Worth of a score, 0..1: how likely what has it is found in all four neighbouring frames, against what the source is
 * surest of. Every box counts fully where a source gives one score, or shows too little of itself.
 */
export function calibrateScores(rows: readonly MotRow[]): (score: number) => number {
  for (const sameIou of SAME_IOUS) {
    const points = comparisonsByScore(rows, sameIou);
    if (points.reduce((sum, { comparisons }) => sum + comparisons, 0) < MIN_COMPARISONS) break;
    const sure = sureShare(points);
    if (sure < MIN_SURE) continue;
    const steps = risingSteps(points).map(({ from, comparisons, found }) => ({
      from,
      worth: Math.min(1, found / comparisons / sure) ** NEIGHBOURS,
    }));
    return (score) => (steps.findLast(({ from }) => score >= from) ?? steps[0])?.worth ?? 1;
  }
  return () => 1;
}
