/** What a count says when it becomes an event, grows worse, or is tidy again. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { Finding, RuleSetting, StillWish } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import type { BikeCount } from './count.ts';

export type Reason = Detail<'bike-clutter'>['reason'];
type Watched = {
  readonly fired: { readonly key: string; readonly startedAt: number } | null;
  readonly series: readonly (readonly [number, number])[];
};

const MAX_OBJECTS = 200;
const round = (value: number) => Number(value.toFixed(4));
const limited = (value: number) => round(Math.min(2, Math.max(-1, value)));

export const slotsOf = (zone: string, reason: Reason) => ({ worst: `${zone}-bikes-${reason}-worst` });

function stillsOf(phase: 'start' | 'update' | 'end', startedAt: number, worst: string): StillWish[] {
  if (phase === 'update') return [{ role: 'worst', from: 'frame' }];
  if (phase === 'end') {
    return [
      { role: 'worst', from: 'slot', slot: worst },
      { role: 'cleared', from: 'frame' },
    ];
  }
  return [
    { role: 'before', from: 'history', before: startedAt },
    { role: 'threshold', from: 'frame' },
  ];
}

/** Count weighs most: twice the threshold is full marks; blocking and disorder add to it. */
function scoreOf(value: number, threshold: number, count: BikeCount): number {
  const amount = Math.min(1, value / (2 * threshold));
  return round(Math.min(1, 0.5 + 0.3 * amount + 0.1 * (count.blockedShare ?? 0) + 0.1 * (count.disorder ?? 0)));
}

export function findingOf(
  phase: 'start' | 'update' | 'end',
  reason: Reason,
  watch: Watched,
  count: BikeCount,
  level: { readonly value: number; readonly threshold: number },
  scene: Scene,
  setting: RuleSetting<'bike-clutter'>,
): Finding<'bike-clutter'> {
  const startedAt = watch.fired?.startedAt ?? scene.at;
  return {
    kind: 'bike-clutter',
    phase,
    key: watch.fired?.key ?? `${startedAt}-${reason}`,
    startedAt,
    at: scene.at,
    endedAt: phase === 'end' ? scene.at : null,
    score: scoreOf(level.value, level.threshold, count),
    objects: count.bikes.slice(0, MAX_OBJECTS).map(({ track, score, box }) => ({
      track,
      class: 'bicycle',
      score,
      box: [limited(box[0]), limited(box[1]), limited(box[2]), limited(box[3])],
    })),
    detail: {
      count: count.total,
      capacity: count.capacity,
      outsideBay: count.outside,
      blockedShare: count.blockedShare === null ? null : round(count.blockedShare),
      disorder: count.disorder === null ? null : round(count.disorder),
      reason,
      series: watch.series.map(([seconds, bikes]): [number, number] => [seconds, bikes]),
    },
    stills: stillsOf(phase, startedAt, slotsOf(setting.zone.id, reason).worst),
  };
}
