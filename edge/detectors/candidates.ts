/** Boxes before suppression, in preallocated arrays: a family writes, suppression reads. */
import type { MinScores } from './best-label.ts';
import type { ChanceOf } from './calibration.ts';

export type Candidates = {
  count: number;
  /** x1, y1, x2, y2 in pixels of the model's input, four a candidate. */
  readonly boxes: Float64Array;
  readonly scores: Float64Array;
  /** Makes a chance of each score that comes in; null: it stays as it is. */
  readonly chanceOf: ChanceOf | null;
  /** Index into the card's labels. */
  readonly labels: Int32Array;
};

/** A tensor as the runtime gives it; `dims` is concrete. */
export type Tensor = { readonly data: Float32Array; readonly dims: readonly number[] };
export type Tensors = Readonly<
  Record<string, Tensor | { readonly data: BigInt64Array; readonly dims: readonly number[] }>
>;

/**
 * @param capacity most candidates of one frame; what comes beyond them is left out
 * @param chanceOf the card's calibration: scores come in as the graph gives them and lie here as chances
 */
export function createCandidates(capacity: number, chanceOf: ChanceOf | null = null): Candidates {
  return {
    count: 0,
    boxes: new Float64Array(capacity * 4),
    scores: new Float64Array(capacity),
    chanceOf,
    labels: new Int32Array(capacity),
  };
}

/** Adds a candidate by the graph's own score; what is no box at all (empty, not finite) is left out, and so is what no longer fits. */
export function addCandidate(
  out: Candidates,
  label: number,
  score: number,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  const i = out.count;
  if (i === out.scores.length) return;
  const isBox = x2 > x1 && y2 > y1 && Number.isFinite(x1 + y1 + x2 + y2);
  if (!isBox) return;
  out.boxes[i * 4] = x1;
  out.boxes[i * 4 + 1] = y1;
  out.boxes[i * 4 + 2] = x2;
  out.boxes[i * 4 + 3] = y2;
  out.scores[i] = out.chanceOf ? out.chanceOf(label, score) : score;
  out.labels[i] = label;
  out.count = i + 1;
}

/** Where a box's scores lie: that of a label is `read(data[at + label · step] · scale)`. */
export type ScoreRow = {
  readonly data: Float32Array;
  readonly at: number;
  readonly step?: number;
  readonly scale?: number;
  /** Default: the value itself. */
  readonly read?: (value: number) => number;
};

function scoreOf({ data, at, step = 1, scale = 1, read }: ScoreRow, label: number): number {
  const value = (data[at + label * step] ?? 0) * scale;
  return read ? read(value) : value;
}

/** Adds a box under its best label; where every label is asked for, also under each other one that reaches its minimum. */
export function addBox(
  out: Candidates,
  min: MinScores,
  label: number,
  row: ScoreRow,
  x1: number,
  y1: number,
  x2: number,
  y2: number,
): void {
  addCandidate(out, label, scoreOf(row, label), x1, y1, x2, y2);
  if (!min.everyLabel) return;
  for (let other = 0; other < min.byLabel.length; other++) {
    if (other === label) continue;
    const score = scoreOf(row, other);
    if (score >= (min.byLabel[other] ?? 1)) addCandidate(out, other, score, x1, y1, x2, y2);
  }
}

/** The float32 tensor of that name; name, type and shape were checked when the model was loaded. Throws RangeError. */
export function tensorOf(tensors: Tensors, name: string): Tensor {
  const tensor = tensors[name];
  if (!tensor || !isFloat(tensor)) throw new RangeError(`output ${name} is missing`);
  return tensor;
}

const isFloat = (tensor: NonNullable<Tensors[string]>): tensor is Tensor => tensor.data instanceof Float32Array;

/** The values of the int64 tensor of that name; checked as `tensorOf` is. Throws RangeError. */
export function integersOf(tensors: Tensors, name: string): BigInt64Array {
  const data = tensors[name]?.data;
  if (!(data instanceof BigInt64Array)) throw new RangeError(`output ${name} is missing`);
  return data;
}
