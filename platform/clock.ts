/** The clock as an argument: programs use the system's, tests and replays their own. */
export type Clock = { readonly now: () => number };

export const systemClock: Clock = { now: () => Date.now() };

/** A clock that only goes forward, ms: for how long something took, whatever people do to the other one. */
export const systemElapsed = (): number => performance.now();

/** Milliseconds since the epoch as text of the wire. */
export function timestamp(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
