/** The display aspect that a configuration states for a camera whose stream does not. */

/** Beyond it, one way or the other, no camera's picture is shown: it is a slip of the hand. */
const WIDEST = 5;

/**
 * Width over height; null where that is no picture's.
 * @example aspectRatio('16:9') // 1.777…; so with '1.78' and 1.78
 */
export function aspectRatio(stated: string | number): number | null {
  const [width = Number.NaN, height = 1] = typeof stated === 'number' ? [stated] : stated.split(':').map(Number);
  const ratio = width / height;
  return ratio >= 1 / WIDEST && ratio <= WIDEST ? ratio : null;
}
