/** Shared-bike clutter: standing bikes counted by foot point, with hysteresis. */
import type { Keep, Rule, RuleSetting, Step } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import { type BikeCount, countBikes } from './count.ts';
import { findingOf, type Reason, slotsOf } from './finding.ts';
import { rememberBikes, type StandingBike } from './standing.ts';

type Setting = RuleSetting<'bike-clutter'>;

/** One reason's way from quiet to event and back. */
export type Watch = {
  /** At or above the threshold since, ms. */
  readonly aboveSince: number | null;
  readonly aboveMs: number;
  /** Time below the lower threshold, ms. */
  readonly belowMs: number;
  readonly fired: {
    readonly key: string;
    readonly startedAt: number;
    readonly saidAt: number;
    readonly worst: number;
  } | null;
  readonly series: readonly (readonly [number, number])[];
};
export type BikeClutterState = {
  readonly at: number | null;
  readonly watched: boolean;
  readonly bikes: readonly StandingBike[];
  /** [ms, bikes outside bays, greatest overfill] of late, for the median. */
  readonly recent: readonly (readonly [number, number, number])[];
  readonly watches: Readonly<Record<Reason, Watch>>;
};

const CERTAIN_MS = 15_000;
/** Window of the median that takes flicker out of the count. */
const MEDIAN_MS = 3000;
const UPDATE_MS = 60_000;
const SERIES_LIMIT = 60;
const quiet: Watch = { aboveSince: null, aboveMs: 0, belowMs: 0, fired: null, series: [] };

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

type Level = { readonly value: number; readonly threshold: number; readonly holdMs: number };

/** Halves the series when it is full, so that it always spans the whole event. */
function extended(series: Watch['series'], startedAt: number, at: number, count: number): Watch['series'] {
  const seconds = Math.round((at - startedAt) / 1000);
  const thinned = series.length < SERIES_LIMIT ? series : series.filter((_, i) => i % 2 === 0);
  const last = thinned[thinned.length - 1];
  return last && last[1] === count ? thinned : [...thinned, [seconds, count] as const];
}

function advance(watch: Watch, level: Level, dt: number, at: number, setting: Setting): Watch {
  const above = level.value >= level.threshold;
  const low = level.value < setting.params.endShare * level.threshold;
  // Below the threshold but above the lower one a hold is not lost while its event has not begun: it starts anew.
  const aboveSince = above ? (watch.aboveSince ?? at) : null;
  return {
    ...watch,
    aboveSince,
    aboveMs: above && watch.aboveSince !== null ? watch.aboveMs + dt : 0,
    belowMs: low ? watch.belowMs + dt : 0,
  };
}

function judge(reason: Reason, watch: Watch, level: Level, count: BikeCount, scene: Scene, setting: Setting) {
  const at = scene.at;
  const slots = slotsOf(setting.zone.id, reason);
  const keeps: Keep[] = [];
  const say = (phase: 'start' | 'update' | 'end', of: Watch) =>
    findingOf(phase, reason, of, count, level, scene, setting);
  if (!watch.fired) {
    if (watch.aboveSince === null || watch.aboveMs < level.holdMs) return { watch, findings: [], keeps };
    const startedAt = watch.aboveSince;
    const fired = { key: `${startedAt}-${reason}`, startedAt, saidAt: at, worst: level.value };
    const next = { ...watch, fired, series: extended([], startedAt, at, count.outside) };
    keeps.push({ slot: slots.worst });
    return { watch: next, findings: [say('start', next)], keeps };
  }
  let next: Watch = { ...watch, series: extended(watch.series, watch.fired.startedAt, at, count.outside) };
  if (watch.belowMs >= setting.params.endHoldSeconds * 1000) {
    keeps.push({ drop: slots.worst });
    return { watch: quiet, findings: [say('end', next)], keeps };
  }
  if (level.value > watch.fired.worst && at - watch.fired.saidAt >= UPDATE_MS) {
    keeps.push({ slot: slots.worst });
    next = { ...next, fired: { ...watch.fired, worst: level.value, saidAt: at } };
    return { watch: next, findings: [say('update', next)], keeps };
  }
  return { watch: next, findings: [], keeps };
}

function step(state: BikeClutterState, scene: Scene, setting: Setting): Step<'bike-clutter', BikeClutterState> {
  const at = scene.at;
  const watched = scene.view === 'watched';
  if (!watched) return { state: { ...state, at, watched }, findings: [], keeps: [] };
  const gap = state.at === null ? 0 : Math.max(0, at - state.at);
  const certain = state.watched && gap <= CERTAIN_MS;
  const dt = certain ? gap : 0;
  const bikes = rememberBikes(state.bikes, scene, setting.params, certain ? 0 : gap);
  const now = countBikes(bikes, scene, setting);
  const recent = [...state.recent.filter(([t]) => at - t < MEDIAN_MS), [at, now.outside, now.overfill] as const];
  const count: BikeCount = { ...now, outside: median(recent.map(([, n]) => n)) };
  const { params } = setting;
  const levels: Record<Reason, Level> = {
    'outside-bay': { value: count.outside, threshold: params.minCount, holdMs: params.holdSeconds * 1000 },
    'bay-overfull': {
      value: median(recent.map(([, , o]) => o)),
      // "More than 120 %": a bay that is exactly so full is not overfull.
      threshold: params.bayOverfill + 1e-9,
      holdMs: params.bayHoldSeconds * 1000,
    },
  };
  const judged = (['outside-bay', 'bay-overfull'] as const).map((reason) =>
    judge(
      reason,
      advance(state.watches[reason], levels[reason], dt, at, setting),
      levels[reason],
      count,
      scene,
      setting,
    ),
  );
  const [outside, overfull] = judged;
  return {
    state: {
      at,
      watched,
      bikes,
      recent,
      watches: { 'outside-bay': outside?.watch ?? quiet, 'bay-overfull': overfull?.watch ?? quiet },
    },
    findings: judged.flatMap(({ findings }) => findings),
    keeps: judged.flatMap(({ keeps }) => keeps),
  };
}

export const bikeClutter: Rule<'bike-clutter', BikeClutterState> = {
  kind: 'bike-clutter',
  version: '1.0.0',
  init: () => ({
    at: null,
    watched: true,
    bikes: [],
    recent: [],
    watches: { 'outside-bay': quiet, 'bay-overfull': quiet },
  }),
  step,
};
