/** The strongest of a row of scores. */

/** Offset (0..count-1) of the greatest value of `data[from .. from+count-1]`; the first of equals. */
export function bestLabel(data: Float32Array, from: number, count: number, step = 1): number {
  let best = 0;
  let top = data[from] ?? 0;
  for (let i = 1, at = from + step; i < count; i++, at += step) {
    const value = data[at] ?? 0;
    if (value > top) {
      top = value;
      best = i;
    }
  }
  return best;
}
