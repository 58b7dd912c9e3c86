/** One line of the benchmark's table. */
export type BenchRow = {
  /** P1 … P11 of the table. */
  readonly id: string;
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  /** What bounds it on this machine, measured in the same run. */
  readonly ceiling: { readonly what: string; readonly value: number } | null;
  readonly ratio: number | null;
  readonly aim: string;
  /** null when there is nothing to compare with. */
  readonly met: boolean | null;
  readonly note?: string;
};
