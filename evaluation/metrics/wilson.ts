/** How sure a share is: Wilson's score interval (1927), which holds for few cases too. */

export type Interval = { readonly low: number; readonly high: number };

const Z95 = 1.959964;

/** 95 % interval of `hits` of `cases`; null for no case at all. */
export function wilson(hits: number, cases: number): Interval | null {
  if (cases === 0) return null;
  const share = hits / cases;
  const z2 = Z95 ** 2 / cases;
  const middle = (share + z2 / 2) / (1 + z2);
  const half = (Z95 * Math.sqrt((share * (1 - share)) / cases + z2 / (4 * cases))) / (1 + z2);
  return { low: Math.max(0, middle - half), high: Math.min(1, middle + half) };
}
