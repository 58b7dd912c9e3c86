/** Small arithmetic that every stage needs. Pure. */

/** @example clamp(1.2, 0, 1) // 1 */
export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

/**
 * @param digits after the decimal point
 * @example roundTo(0.12345, 3) // 0.123
 */
export function roundTo(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

/**
 * Weight of a new value in an exponential mean over time, the same at any rate of frames.
 *
 * @param ms since the last value
 * @param seconds time constant
 * @example smoothingGain(1000, 1) // 0.632
 */
export function smoothingGain(ms: number, seconds: number): number {
  return 1 - Math.exp(-ms / 1000 / seconds);
}

/**
 * The middle value; of an even number of values the lower of the two in the middle, which is one that was measured.
 *
 * @returns 0 for no value
 * @example lowerMedian([4, 1, 3, 2]) // 2
 */
export function lowerMedian(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[(values.length - 1) >> 1] ?? 0;
}
