/** What a camera counted in a part of an hour, by its rhythm: statistics beside the events. Pure. */
import { HOUR_MS, statisticsOf } from '../contracts/observations.ts';
import { type HourTally, hourOf } from '../edge/domain/hour-tally.ts';
import type { SimCamera } from './fleet.ts';
import { busyAt, rhythms } from './rhythm.ts';

/** Most that is counted in a busy hour. */
const MAX_COUNTED = 20;

/** Tallies of [from, to), ms since the epoch, one an hour and kind. */
export function talliesOf(cameras: readonly SimCamera[], from: number, to: number): HourTally[] {
  const tallies: HourTally[] = [];
  for (let hour = hourOf(from); hour < to; hour += HOUR_MS) {
    const watchedMs = Math.min(to, hour + HOUR_MS) - Math.max(from, hour);
    for (const { id: camera, kind: cameraKind } of cameras)
      for (const rhythm of rhythms[cameraKind]) {
        const { kind } = rhythm;
        const counted = (fold: 'sum' | 'max') =>
          Math.round(busyAt(rhythm, hour) * MAX_COUNTED * (fold === 'sum' ? watchedMs / HOUR_MS : 1));
        const statistics = Object.fromEntries(
          Object.entries(statisticsOf(kind) ?? {}).map(([name, { fold }]) => [name, counted(fold)]),
        );
        tallies.push({ camera, zone: `zone-${kind}`, kind, hour, watchedMs, statistics });
      }
  }
  return tallies;
}
