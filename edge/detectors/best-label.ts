/** The strongest of a row of scores, and the least that each label must reach. */
import type { ModelSpec } from '../domain/model-card.ts';

/** Least scores, one a label; `every`: a box is told under each label that reaches its own, and not under the best alone. */
export type Floors = { readonly byLabel: Float64Array; readonly least: number; readonly every: boolean };

export function floorsOf({ thresholds, labels }: Pick<ModelSpec, 'thresholds' | 'labels'>): Floors {
  const byLabel = Float64Array.from(labels, ({ name }) => thresholds.byLabel[name] ?? thresholds.score);
  return { byLabel, least: Math.min(...byLabel), every: thresholds.everyLabel === true };
}

/**
 * Offset of the greatest value times `scale` that reaches its own floor, the first of equals; -1 when none does. What
 * is a little more of a car but too little of one may still be enough of a truck.
 */
export function labelAbove(data: Float32Array, from: number, floors: Float64Array, scale = 1, step = 1): number {
  let best = -1;
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0, at = from; i < floors.length; i++, at += step) {
    const value = (data[at] ?? 0) * scale;
    if (value > top && value >= (floors[i] ?? 0)) {
      top = value;
      best = i;
    }
  }
  return best;
}

/** Offset (0..count-1) of the greatest value of `data[from .. from+count-1]`; the first of equals. */
export function bestLabel(data: Float32Array, from: number, count: number): number {
  let best = 0;
  let top = data[from] ?? 0;
  for (let i = 1; i < count; i++) {
    const value = data[from + i] ?? 0;
    if (value > top) {
      top = value;
      best = i;
    }
  }
  return best;
}
