/** What a count says when it becomes an event, grows worse, or is tidy again. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { EvidenceRequest, Finding, RuleContext } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import type { BikeCount, Matter } from './count.ts';
import { blockedShare, type Disorder, disorderOf } from './layout.ts';
import type { StandingBike } from './standing.ts';
import { BEFORE_MS, MAX_OBJECTS } from './tuning.ts';

type Phase = 'start' | 'update' | 'end';
type Level = { readonly matter: Matter; readonly value: number; readonly bikes: readonly StandingBike[] };
type Watched = {
  readonly belowSince: number | null;
  readonly fired: { readonly key: string; readonly startedAt: number } | null;
  readonly series: readonly (readonly [number, number])[];
};

const round = (value: number) => Number(value.toFixed(4));
const limited = (value: number) => round(Math.min(2, Math.max(-1, value)));

export const slotsOf = (zone: string, matter: string) => ({
  start: `${zone}-bikes-${matter}-start`,
  worst: `${zone}-bikes-${matter}-worst`,
});

function stillsOf(phase: Phase, startedAt: number, slots: ReturnType<typeof slotsOf>): EvidenceRequest[] {
  const worst: EvidenceRequest = { role: 'worst', from: 'slot', slot: slots.worst };
  if (phase === 'update') return [worst, { role: 'during', from: 'frame' }];
  if (phase === 'end') return [worst, { role: 'cleared', from: 'frame' }];
  return [
    { role: 'before', from: 'history', before: startedAt - BEFORE_MS },
    { role: 'start', from: 'slot', slot: slots.start },
    { role: 'threshold', from: 'frame' },
  ];
}

/** Count weighs most: twice the threshold is full marks; blocking and disorder add to it. */
function scoreOf(value: number, threshold: number, blocked: number, disorder: Disorder | null): number {
  const amount = Math.min(1, value / (2 * threshold));
  return round(Math.min(1, 0.5 + 0.3 * amount + 0.1 * blocked + 0.1 * (disorder?.whole ?? 0)));
}

function detailOf(
  { matter, value }: Level,
  watch: Watched,
  count: BikeCount,
  blocked: number,
  disorder: Disorder | null,
): Detail<'bike-clutter'> {
  return {
    count: count.total,
    capacity: count.capacity,
    outsideBay: matter.reason === 'outside-bay' ? value : count.outside.length,
    blockedShare: round(blocked),
    disorder: disorder ? round(disorder.whole) : null,
    ...(disorder ? { orientationDisorder: round(disorder.orientation), spacingDisorder: round(disorder.spacing) } : {}),
    reason: matter.reason,
    ...(matter.place === null ? {} : { place: matter.place, placeCount: value }),
    series: watch.series.map(([seconds, bikes]): [number, number] => [seconds, bikes]),
  };
}

export function findingOf(
  phase: Phase,
  level: Level,
  watch: Watched,
  count: BikeCount,
  scene: Scene,
  context: RuleContext<'bike-clutter'>,
): Finding<'bike-clutter'> {
  const { zone } = context;
  const { matter, value, bikes } = level;
  const startedAt = watch.fired?.startedAt ?? scene.at;
  const blocked = blockedShare(
    count.outside.map(({ box }) => box),
    zone,
  );
  const disorder = disorderOf(
    bikes.map(({ box }) => box),
    zone,
    scene.aspect,
  );
  return {
    kind: 'bike-clutter',
    phase,
    key: watch.fired?.key ?? `${startedAt}-${matter.id}`,
    startedAt,
    at: scene.at,
    endedAt: phase === 'end' ? Math.max(startedAt, watch.belowSince ?? scene.at) : null,
    score: scoreOf(value, matter.threshold, blocked, disorder),
    objects: bikes.slice(0, MAX_OBJECTS).map(({ track, score, box }) => ({
      track,
      class: 'bicycle',
      score,
      box: [limited(box[0]), limited(box[1]), limited(box[2]), limited(box[3])],
    })),
    detail: detailOf(level, watch, count, blocked, disorder),
    stills: stillsOf(phase, startedAt, slotsOf(zone.id, matter.id)),
  };
}
