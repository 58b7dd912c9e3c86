/** Gate passes of trucks, as the plans put them together. */
import type { TruckPass } from './types.ts';

export type WantedPass = Partial<TruckPass>;

export const violating: WantedPass = { direction: 'outbound', load: 'loaded', cover: 'uncovered' };
export const lawful: WantedPass = { direction: 'outbound', load: 'loaded', cover: 'covered', washed: true };
export const entering: WantedPass = { direction: 'inbound', load: 'empty', cover: 'uncovered' };
export const leavingEmpty: WantedPass = { direction: 'outbound', load: 'empty', cover: 'uncovered', washed: true };

/** Passes at these times, s, each a little later; what a pass does not say is a covered truck that leaves. */
export function passesAt(next: () => number, times: readonly number[], wanted: readonly WantedPass[]): TruckPass[] {
  return wanted.map((pass, i) => ({
    at: (times[i] ?? 10) + next(),
    direction: 'outbound',
    way: next() < 0.5 ? 1 : -1,
    load: 'loaded',
    cover: 'covered',
    ...pass,
  }));
}
