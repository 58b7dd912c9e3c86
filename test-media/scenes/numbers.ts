/** Numbers for the plans, drawn from a seed; the page has its own generator for everything drawn. */

/** A stream of numbers in 0..1. */
export function numbers(seed: number): () => number {
  let state = (Math.imul(seed, 0x9e3779b1) + 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** One of the list, each as likely. */
export function pick<T>(next: () => number, list: readonly [T, ...T[]]): T {
  return list[Math.floor(next() * list.length)] ?? list[0];
}

/** A whole number, both ends included. */
export function wholeBetween(next: () => number, low: number, high: number): number {
  return low + Math.floor(next() * (high - low + 1));
}
