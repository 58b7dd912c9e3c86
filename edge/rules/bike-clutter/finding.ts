/** What is reported of a count: at the start, when it grew worse, and when all is tidy again. */
import type { Detail } from '../../../contracts/violations/index.ts';
import type { EvidenceRequest, Finding, RuleContext } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { clamp, roundTo } from '../../geometry/numbers.ts';
import type { BikeCount } from './count.ts';
import type { CriterionState, Level } from './criterion.ts';
import { blockedShare, type Disorder, disorderOf } from './layout.ts';
import { BEFORE_MS, MAX_OBJECTS } from './tuning.ts';

type Phase = 'start' | 'update' | 'end';

const round = (value: number) => roundTo(value, 4);
const limited = (value: number) => round(clamp(value, -1, 2));

/** Names of a criterion's slots, of all zones of a camera. */
export const slotsOf = (zone: string, criterion: string) => ({
  start: `${zone}-bikes-${criterion}-start`,
  worst: `${zone}-bikes-${criterion}-worst`,
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
  { criterion, value }: Level,
  state: CriterionState,
  count: BikeCount,
  blocked: number,
  disorder: Disorder | null,
): Detail<'bike-clutter'> {
  return {
    count: count.total,
    capacity: count.capacity,
    outsideBay: criterion.reason === 'outside-bay' ? value : count.outside.length,
    blockedShare: round(blocked),
    disorder: disorder ? round(disorder.whole) : null,
    ...(disorder ? { orientationDisorder: round(disorder.orientation), spacingDisorder: round(disorder.spacing) } : {}),
    reason: criterion.reason,
    ...(criterion.place === null ? {} : { place: criterion.place, placeCount: value }),
    series: state.series.map(([seconds, bikes]): [number, number] => [seconds, bikes]),
  };
}

/** @param state of the criterion when this is reported; before the start it has no event */
export function findingOf(
  phase: Phase,
  level: Level,
  state: CriterionState,
  count: BikeCount,
  scene: Scene,
  context: RuleContext<'bike-clutter'>,
): Finding<'bike-clutter'> {
  const { zone } = context;
  const { criterion, value, bikes } = level;
  const startedAt = state.fired?.startedAt ?? scene.at;
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
    key: state.fired?.key ?? `${startedAt}-${criterion.id}`,
    startedAt,
    at: scene.at,
    endedAt: phase === 'end' ? Math.max(startedAt, state.belowSince ?? scene.at) : null,
    score: scoreOf(value, criterion.threshold, blocked, disorder),
    objects: bikes.slice(0, MAX_OBJECTS).map(({ track, score, box }) => ({
      track,
      class: 'bicycle',
      score,
      box: [limited(box[0]), limited(box[1]), limited(box[2]), limited(box[3])],
    })),
    detail: detailOf(level, state, count, blocked, disorder),
    stills: stillsOf(phase, startedAt, slotsOf(zone.id, criterion.id)),
  };
}
