/** COCO's twelve numbers for boxes: AP over ten overlaps, by size, and AR for 1, 10 and 100 boxes a picture (cocodataset.org/#detection-eval). */
import type { ScoredBox } from './reliability.ts';

/** Boxes are [x, y, w, h] in any unit; areas in its square, and only COCO's size ranges depend on it being pixels. */
export type TruthBox = {
  readonly image: string | number;
  readonly label: string | number;
  readonly box: readonly [number, number, number, number];
  /** Area of the object's mask where known; default: of its box. */
  readonly area?: number;
  /** Stands for a crowd: may match many, counts for none. */
  readonly crowd?: boolean;
  /** Left out of the count: neither a hit nor a miss. */
  readonly ignore?: boolean;
};
export type FoundBox = {
  readonly image: string | number;
  readonly label: string | number;
  readonly box: readonly [number, number, number, number];
  readonly score: number;
};

/** Each in 0..1, or null where no truth falls into the range. */
export type CocoScores = {
  readonly ap: number | null;
  readonly ap50: number | null;
  readonly ap75: number | null;
  readonly apSmall: number | null;
  readonly apMedium: number | null;
  readonly apLarge: number | null;
  readonly ar1: number | null;
  readonly ar10: number | null;
  readonly ar100: number | null;
  readonly arSmall: number | null;
  readonly arMedium: number | null;
  readonly arLarge: number | null;
};

// Written as numpy's linspace computes them: recalls such as 0.29 fall on a point or beside it by the last bit.
const overlaps = Array.from({ length: 10 }, (_, i) => 0.5 + ((0.95 - 0.5) / 9) * i);
const recallPoints = Array.from({ length: 101 }, (_, i) => i * 0.01);
const ranges = {
  all: [0, 1e10],
  small: [0, 32 ** 2],
  medium: [32 ** 2, 96 ** 2],
  large: [96 ** 2, 1e10],
} as const;
export type Range = readonly [number, number];

/** One picture and label: truths and found boxes (best first), and the overlap of each pair. */
type Cell = {
  readonly truths: readonly TruthBox[];
  readonly found: readonly FoundBox[];
  readonly iou: readonly number[][];
};

/** Overlap of a found box with a truth; with a crowd it is the share of the found box alone. */
export function overlapOf(
  found: readonly [number, number, number, number],
  truth: readonly [number, number, number, number],
  crowd = false,
): number {
  const w = Math.min(found[0] + found[2], truth[0] + truth[2]) - Math.max(found[0], truth[0]);
  const h = Math.min(found[1] + found[3], truth[1] + truth[3]) - Math.max(found[1], truth[1]);
  if (w <= 0 || h <= 0) return 0;
  const both = w * h;
  const foundArea = found[2] * found[3];
  return both / (crowd ? foundArea : foundArea + truth[2] * truth[3] - both);
}

const byName = (a: string, b: string): number => Number(a) - Number(b) || (a < b ? -1 : a > b ? 1 : 0);

function groupBy<T extends { image: string | number }>(items: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = String(item.image);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function cellsOf(truths: readonly TruthBox[], found: readonly FoundBox[]): Cell[] {
  const truthsBy = groupBy(truths);
  const foundBy = groupBy(found);
  return [...new Set([...truthsBy.keys(), ...foundBy.keys()])].sort(byName).map((image) => {
    const cellTruths = truthsBy.get(image) ?? [];
    const cellFound = (foundBy.get(image) ?? []).toSorted((a, b) => b.score - a.score).slice(0, 100);
    const iou = cellFound.map((det) => cellTruths.map((truth) => overlapOf(det.box, truth.box, truth.crowd)));
    return { truths: cellTruths, found: cellFound, iou };
  });
}

type Verdict = 'hit' | 'miss' | 'ignored';
type Ranked = { readonly score: number; readonly verdict: Verdict };

/**
 * Truths that count come first; a found box takes the free truth it overlaps most (the later of equals), and one that
 * does not count only when none that counts is there.
 */
function matchCell(cell: Cell, overlap: number, area: Range, maxDets: number): { ranked: Ranked[]; counted: number } {
  const inRange = (value: number) => value >= area[0] && value <= area[1];
  const ignored = cell.truths.map(
    (truth) => truth.crowd === true || truth.ignore === true || !inRange(truth.area ?? truth.box[2] * truth.box[3]),
  );
  const order = cell.truths.map((_, i) => i).sort((a, b) => Number(ignored[a]) - Number(ignored[b]) || a - b);
  const taken = new Set<number>();
  const ranked = cell.found.slice(0, maxDets).map((det, d): Ranked => {
    let best = -1;
    let most = Math.min(overlap, 1 - 1e-10);
    for (const t of order) {
      if (taken.has(t) && cell.truths[t]?.crowd !== true) continue;
      if (best >= 0 && !ignored[best] && ignored[t]) break;
      const value = cell.iou[d]?.[t] ?? 0;
      if (value < most) continue;
      most = value;
      best = t;
    }
    if (best >= 0) taken.add(best);
    const verdict =
      best >= 0 ? (ignored[best] ? 'ignored' : 'hit') : inRange(det.box[2] * det.box[3]) ? 'miss' : 'ignored';
    return { score: det.score, verdict };
  });
  return { ranked, counted: ignored.filter((value) => !value).length };
}

type LabelScore = { readonly precision: number; readonly recall: number };

/** Average precision over 101 recall points, and the recall reached; null when there is nothing to find. */
function scoreLabel(cells: readonly Cell[], overlap: number, area: Range, maxDets: number): LabelScore | null {
  const matched = cells.map((cell) => matchCell(cell, overlap, area, maxDets));
  const counted = matched.reduce((sum, cell) => sum + cell.counted, 0);
  if (counted === 0) return null;
  const ranked = matched
    .flatMap((cell) => cell.ranked)
    .sort((a, b) => b.score - a.score)
    .filter((item) => item.verdict !== 'ignored');
  let hits = 0;
  const recalls: number[] = [];
  const precisions: number[] = [];
  ranked.forEach((item, i) => {
    if (item.verdict === 'hit') hits += 1;
    recalls.push(hits / counted);
    precisions.push(hits / (i + 1 + Number.EPSILON));
  });
  for (let i = precisions.length - 2; i >= 0; i--) {
    precisions[i] = Math.max(precisions[i] ?? 0, precisions[i + 1] ?? 0);
  }
  let at = 0;
  let sum = 0;
  for (const point of recallPoints) {
    while (at < recalls.length && (recalls[at] ?? 0) < point) at += 1;
    sum += precisions[at] ?? 0;
  }
  return { precision: sum / recallPoints.length, recall: recalls.at(-1) ?? 0 };
}

function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function byLabel(truths: readonly TruthBox[], found: readonly FoundBox[]): Map<string, Cell[]> {
  const labels = new Set(truths.map((truth) => String(truth.label)));
  return new Map(
    [...labels].map((label) => [
      label,
      cellsOf(
        truths.filter((truth) => String(truth.label) === label),
        found.filter((det) => String(det.label) === label),
      ),
    ]),
  );
}

/** COCO's twelve numbers. Labels without a truth are left out, as COCO does. */
export function scoreCoco(truths: readonly TruthBox[], found: readonly FoundBox[]): CocoScores {
  const labels = [...byLabel(truths, found).values()];
  const average = (figure: keyof LabelScore, at: readonly number[], range: keyof typeof ranges, maxDets: number) =>
    mean(
      labels.flatMap((cells) =>
        at.flatMap((overlap) => {
          const score = scoreLabel(cells, overlap, ranges[range], maxDets);
          return score ? [score[figure]] : [];
        }),
      ),
    );
  return {
    ap: average('precision', overlaps, 'all', 100),
    ap50: average('precision', [0.5], 'all', 100),
    ap75: average('precision', [0.75], 'all', 100),
    apSmall: average('precision', overlaps, 'small', 100),
    apMedium: average('precision', overlaps, 'medium', 100),
    apLarge: average('precision', overlaps, 'large', 100),
    ar1: average('recall', overlaps, 'all', 1),
    ar10: average('recall', overlaps, 'all', 10),
    ar100: average('recall', overlaps, 'all', 100),
    arSmall: average('recall', overlaps, 'small', 100),
    arMedium: average('recall', overlaps, 'medium', 100),
    arLarge: average('recall', overlaps, 'large', 100),
  };
}

/** COCO's ten overlaps, 0.5 to 0.95. */
export const cocoOverlaps: readonly number[] = overlaps;

/** Many figures of one set of boxes: pictures and overlaps are sorted out once. */
type ApTable = {
  /** Labels that have a truth, ignored ones included. */
  readonly labels: readonly string[];
  /**
   * Mean AP of a label over the overlaps, of truths whose area lies in the range, and their number; null for none.
   * Truths outside the range count neither way, nor do boxes outside it that hit nothing.
   */
  readonly score: (
    label: string,
    at: readonly number[],
    area: Range,
  ) => { readonly truths: number; readonly ap: number } | null;
  /** The found boxes of a label that count at this overlap, and whether each hit a true one: for `reliabilityOf`. */
  readonly scored: (label: string, overlap: number, area: Range) => ScoredBox[];
};

/** Boxes in any unit, the same in both lists; a box is compared with those of its own image and label. */
export function createApTable(truths: readonly TruthBox[], found: readonly FoundBox[]): ApTable {
  const cellsBy = byLabel(truths, found);
  return {
    labels: [...cellsBy.keys()],
    score: (label, at, area) => {
      const cells = cellsBy.get(label) ?? [];
      const aps = at.flatMap((overlap) => scoreLabel(cells, overlap, area, 100)?.precision ?? []);
      const ap = mean(aps);
      return ap === null ? null : { truths: countedIn(cells, area), ap };
    },
    scored: (label, overlap, area) =>
      // What a set labels and does not hold, as stalls on an empty street, is where every box is wrong.
      (
        cellsBy.get(label) ??
        cellsOf(
          [],
          found.filter((det) => String(det.label) === label),
        )
      )
        .flatMap((cell) => matchCell(cell, overlap, area, 100).ranked)
        .flatMap(({ score, verdict }) => (verdict === 'ignored' ? [] : [{ score, right: verdict === 'hit' }])),
  };
}

function countedIn(cells: readonly Cell[], area: Range): number {
  const counts = ({ crowd, ignore, area: own, box }: TruthBox) => {
    const size = own ?? box[2] * box[3];
    return crowd !== true && ignore !== true && size >= area[0] && size <= area[1];
  };
  return cells.reduce((sum, cell) => sum + cell.truths.filter(counts).length, 0);
}
