/** The grid of cells that a one-stage detector lays over its input at one stride. */
import type { InputSize } from './family.ts';

/**
 * @param stride px of the input for one cell
 * @param round what the network does with a last cell that the input does not fill: `Math.floor` or `Math.ceil`
 * @example gridOf({ width: 100, height: 64 }, 32, Math.ceil) // { cols: 4, rows: 2, cells: 8 }
 */
export function gridOf({ width, height }: InputSize, stride: number, round: (cells: number) => number) {
  const [cols, rows] = [round(width / stride), round(height / stride)];
  return { cols, rows, cells: cols * rows };
}
