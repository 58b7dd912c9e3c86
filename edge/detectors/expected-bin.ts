/** Distances given as a distribution over bins (DFL, Li et al. 2020, arXiv:2006.04388). */

/**
 * Expected bin of a softmax over `bins` logits.
 * @param from index of the first of them
 * @example expectedBin(Float32Array.of(100, 100, 0, 0), 0, 4) // 0.5
 */
export function expectedBin(logits: Float32Array, from: number, bins: number): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < bins; i++) top = Math.max(top, logits[from + i] ?? 0);
  let sum = 0;
  let weighted = 0;
  for (let i = 0; i < bins; i++) {
    const weight = Math.exp((logits[from + i] ?? 0) - top);
    sum += weight;
    weighted += weight * i;
  }
  return weighted / sum;
}
