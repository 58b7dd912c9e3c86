/** Who was taken for whom: rows are what is true, columns what was reported. */
import { type Share, shareOf } from './share.ts';

export type Confusion = {
  readonly truths: readonly string[];
  /** `unknown` among them: saying so is an answer, and no right one where the truth can be seen. */
  readonly said: readonly string[];
  /** One row a truth, one column a label reported. */
  readonly counts: readonly (readonly number[])[];
  /** Of all rows: how many were called what they are. */
  readonly right: Share;
};

export type LabelPair = { readonly truth: string; readonly said: string };

/** Pairs whose truth is not among `truths` are left out; an unknown label is counted as the last of `said`. */
export function confusionOf(
  truths: readonly string[],
  said: readonly string[],
  pairs: readonly LabelPair[],
): Confusion {
  const counts = truths.map(() => said.map(() => 0));
  for (const pair of pairs) {
    const row = counts[truths.indexOf(pair.truth)];
    if (!row) continue;
    const column = said.indexOf(pair.said);
    const at = column < 0 ? said.length - 1 : column;
    row[at] = (row[at] ?? 0) + 1;
  }
  const hits = truths.reduce((sum, truth, i) => sum + (counts[i]?.[said.indexOf(truth)] ?? 0), 0);
  return {
    truths,
    said,
    counts,
    right: shareOf(
      hits,
      counts.flat().reduce((sum, count) => sum + count, 0),
    ),
  };
}

const loads = ['loaded', 'empty'] as const;
const covers = ['covered', 'partly', 'uncovered'] as const;

/** State of a truck's bed as truth and as answer; `unknown` where it could not be seen, or nothing was reported. */
export type BedState = { readonly load: string; readonly cover: string };
export type BedPair = { readonly truth: BedState; readonly said: BedState };

export type BedConfusion = {
  readonly load: Confusion;
  readonly cover: Confusion;
  /** Of the trucks whose load and cover are both known: both right. */
  readonly both: Share;
};

/** Load, cover, and both together; pairs whose truth is unknown are left out of each. */
export function bedConfusion(pairs: readonly BedPair[]): BedConfusion {
  const of = (part: keyof BedState) => pairs.map(({ truth, said }) => ({ truth: truth[part], said: said[part] }));
  const whole = pairs.filter(({ truth }) => truth.load !== 'unknown' && truth.cover !== 'unknown');
  const right = whole.filter(({ truth, said }) => truth.load === said.load && truth.cover === said.cover);
  return {
    load: confusionOf(loads, [...loads, 'unknown'], of('load')),
    cover: confusionOf(covers, [...covers, 'unknown'], of('cover')),
    both: shareOf(right.length, whole.length),
  };
}
