/** One line of the benchmark's table. */
import { median, ratios, type Spread, spread } from './spread.ts';

export type BenchRow = {
  /** P1 … P11 of the table, or PEER. */
  readonly id: string;
  readonly figure: string;
  /** The median where it was measured more than once. */
  readonly value: number;
  readonly range?: Spread;
  readonly unit: string;
  /** What bounds it on this machine, measured in the same run. */
  readonly ceiling: { readonly what: string; readonly value: number; readonly range?: Spread } | null;
  readonly ratio: number | null;
  readonly ratioRange?: Spread;
  /** The other checkout in the same rounds: its value, that over its own ceiling, and our value over its. */
  readonly against?: { readonly value: number; readonly ratio: number | null; readonly share: number };
  readonly aim: string;
  /** null when there is nothing to compare with. */
  readonly met: boolean | null;
  readonly note?: string;
};

type Measured = {
  readonly id: string;
  readonly figure: string;
  readonly unit: string;
  /** One value a round. */
  readonly values: readonly number[];
  readonly ceiling: { readonly what: string; readonly values: readonly number[] } | null;
  /** `ceilings`: its own, where they are not the same as ours. */
  readonly against: { readonly values: readonly number[]; readonly ceilings?: readonly number[] } | null;
  readonly aim: string;
  /** By the median of the values, of the rounds' ratios, and of the rounds' shares of the other checkout's value. */
  readonly met: (figures: { value: number; ratio: number | null; share: number | null }) => boolean | null;
  readonly note?: string;
};

/** The other checkout's figures beside ours. */
function otherOf({ values, ceiling, against }: Measured): BenchRow['against'] | null {
  if (!against) return null;
  const ceilings = against.ceilings ?? ceiling?.values;
  return {
    value: median(against.values),
    ratio: ceilings ? ratios(against.values, ceilings).median : null,
    share: ratios(values, against.values).median,
  };
}

/** A row from the values of each round: medians with their range, and ratios to the ceiling of the same round. */
export function measuredRow(measured: Measured): BenchRow {
  const { id, figure, unit, values, ceiling, aim, met, note } = measured;
  const range = spread(values);
  const ratioRange = ceiling ? ratios(values, ceiling.values) : null;
  const against = otherOf(measured);
  const bounds = ceiling ? spread(ceiling.values) : null;
  return {
    id,
    figure,
    value: range.median,
    range,
    unit,
    ceiling: ceiling && bounds ? { what: ceiling.what, value: bounds.median, range: bounds } : null,
    ratio: ratioRange?.median ?? null,
    ...(ratioRange ? { ratioRange } : {}),
    ...(against ? { against } : {}),
    aim,
    met: met({ value: range.median, ratio: ratioRange?.median ?? null, share: against?.share ?? null }),
    ...(note ? { note } : {}),
  };
}
