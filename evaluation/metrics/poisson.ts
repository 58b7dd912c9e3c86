/** How sure a rate is: the exact interval of a Poisson count (F. Garwood, 1936), which holds for a count of 0 too. */
import type { Interval } from './wilson.ts';

const TAIL = 0.025;
const HALVINGS = 100;

/** Chance of at most `count` events where `mean` are expected. */
function atMost(count: number, mean: number): number {
  let term = Math.exp(-mean);
  let sum = term;
  for (let k = 1; k <= count; k++) {
    term *= mean / k;
    sum += term;
  }
  return sum;
}

/** The mean at which `chance`, falling as the mean grows, has come down to `level`. */
function meanAt(chance: (mean: number) => number, level: number, most: number): number {
  let low = 0;
  let high = most;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (low + high) / 2;
    if (chance(middle) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** 95 % interval of the expected count after `count` were seen; for counts up to some hundreds. */
export function poisson(count: number): Interval {
  const most = 20 + count + 10 * Math.sqrt(count + 1);
  return {
    low: count === 0 ? 0 : meanAt((mean) => atMost(count - 1, mean), 1 - TAIL, most),
    high: meanAt((mean) => atMost(count, mean), TAIL, most),
  };
}
