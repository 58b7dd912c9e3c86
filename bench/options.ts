/** What is asked of a whole run of the bench. */
import type { Checkout } from './checkout.ts';

export type BenchOptions = {
  /** Another checkout, run in the same rounds; null: none. */
  readonly against: Checkout | null;
  readonly own: Checkout;
  /** P4: cameras, and minutes of each run; null: the short form. */
  readonly cameras: number;
  readonly minutes: number | null;
  /** P10: hours; null: the short form. */
  readonly hours: number | null;
};

/** Both checkouts by name, ours first. */
export function checkoutsOf({ own, against }: BenchOptions): Checkout[] {
  return against ? [own, against] : [own];
}
