/** One criterion's way from quiet to event and back: a hold above the threshold, hysteresis, the worst moment, a series. */
import type { Finding, RuleContext, SlotUpdate } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import type { BikeCount } from './count.ts';
import { type CriterionState, type Level, quiet } from './criterion.ts';
import { findingOf, slotsOf } from './finding.ts';
import type { StandingBike } from './standing.ts';
import {
  AT_REST_MS,
  MAX_DEEP_DIP_MS,
  MAX_DIP_MS,
  MAX_SERIES,
  MAX_UPDATE_MS,
  MIN_CHANGED_SHARE,
  MIN_UPDATE_MS,
} from './tuning.ts';

/** Halves the series when it is full, so that it always spans the whole event. */
function extended(
  series: CriterionState['series'],
  startedAt: number,
  at: number,
  count: number,
): CriterionState['series'] {
  const seconds = Math.round((at - startedAt) / 1000);
  const last = series[series.length - 1];
  if (last && last[1] === count) return series;
  const thinned = series.length < MAX_SERIES ? series : series.filter((_, i) => i % 2 === 0);
  return [...thinned, [seconds, count]];
}

/** When the count was reached: the bike that made it full has stood since then, though it counts only now. */
function reachedBy(bikes: readonly StandingBike[], threshold: number): StandingBike | undefined {
  return [...bikes].sort((a, b) => a.since - b.since)[threshold - 1];
}

/** Time since so many bikes were last seen: they are counted on through misses, but only what was seen makes an event. */
function unseenMs(bikes: readonly StandingBike[], threshold: number): number {
  return (
    bikes.map(({ missMs, hiddenMs }) => missMs + hiddenMs).sort((a, b) => a - b)[threshold - 1] ??
    Number.POSITIVE_INFINITY
  );
}

/** `dt` ms of watched time passed. */
function hold(state: CriterionState, { criterion, value, bikes }: Level, dt: number, at: number): CriterionState {
  if (value >= criterion.threshold) {
    if (state.aboveSince !== null) return { ...state, aboveMs: state.aboveMs + dt, dipMs: 0 };
    const last = reachedBy(bikes, criterion.threshold);
    const aboveSince = last ? Math.min(at, last.since) : at;
    return { ...state, aboveSince, aboveMs: at - aboveSince - (last?.unknownMs ?? 0), dipMs: 0 };
  }
  if (state.aboveSince === null) return state;
  const dipMs = state.dipMs + dt;
  const lost = dipMs > (value < criterion.low ? MAX_DEEP_DIP_MS : MAX_DIP_MS);
  return lost ? { ...state, aboveSince: null, aboveMs: 0, dipMs: 0 } : { ...state, dipMs };
}

function fall(state: CriterionState, { criterion, value }: Level, dt: number, at: number): CriterionState {
  if (value >= criterion.low) return state.belowSince === null ? state : { ...state, belowMs: 0, belowSince: null };
  return { ...state, belowMs: state.belowMs + dt, belowSince: state.belowSince ?? at };
}

export type EvaluatedCriterion = {
  readonly state: CriterionState;
  readonly findings: readonly Finding<'bike-clutter'>[];
  readonly slots: readonly SlotUpdate[];
};
type Report = (phase: 'start' | 'update' | 'end', of: CriterionState) => Finding<'bike-clutter'>;

function begin(
  before: CriterionState,
  level: Level,
  dt: number,
  at: number,
  zone: string,
  report: Report,
): EvaluatedCriterion {
  const { criterion, value, bikes } = level;
  const slot = slotsOf(zone, criterion.id);
  const state = hold(before, level, dt, at);
  const slots: SlotUpdate[] = [];
  if (before.aboveSince === null && state.aboveSince !== null) slots.push({ slot: slot.start });
  if (before.aboveSince !== null && state.aboveSince === null) slots.push({ drop: slot.start });
  const held = value >= criterion.threshold && state.aboveMs - unseenMs(bikes, criterion.threshold) >= criterion.holdMs;
  if (state.aboveSince === null || !held) return { state, findings: [], slots };
  const startedAt = Math.min(at, state.aboveSince + AT_REST_MS);
  const fired = {
    key: `${startedAt}-${criterion.id}`,
    startedAt,
    saidAt: at,
    worst: value,
    saidWorst: value,
    saidCount: value,
  };
  const next: CriterionState = {
    ...state,
    fired,
    belowMs: 0,
    belowSince: null,
    series: extended([], startedAt, at, value),
  };
  return { state: next, findings: [report('start', next)], slots: [...slots, { slot: slot.worst }] };
}

function goOn(
  state: CriterionState,
  fired: NonNullable<CriterionState['fired']>,
  { criterion, value }: Level,
  at: number,
  zone: string,
  report: Report,
): EvaluatedCriterion {
  const slots: SlotUpdate[] = value > fired.worst ? [{ slot: slotsOf(zone, criterion.id).worst }] : [];
  const now = { ...fired, worst: Math.max(fired.worst, value) };
  const sinceReport = at - fired.saidAt;
  const worse = now.worst > fired.saidWorst;
  // Below the lower threshold the next report is the end.
  const changed = value >= criterion.low && Math.abs(value - fired.saidCount) >= MIN_CHANGED_SHARE * fired.saidCount;
  if (sinceReport < MAX_UPDATE_MS && !(sinceReport >= MIN_UPDATE_MS && (worse || changed))) {
    return { state: { ...state, fired: now }, findings: [], slots };
  }
  const next = { ...state, fired: { ...now, saidAt: at, saidWorst: now.worst, saidCount: value } };
  return { state: next, findings: [report('update', next)], slots };
}

/** A criterion after one more scene. @param dt watched ms since the last one */
export function evaluate(
  before: CriterionState,
  level: Level,
  count: BikeCount,
  dt: number,
  scene: Scene,
  context: RuleContext<'bike-clutter'>,
): EvaluatedCriterion {
  const { at } = scene;
  const zone = context.zone.id;
  const report: Report = (phase, of) => findingOf(phase, level, of, count, scene, context);
  if (!before.fired) return begin(before, level, dt, at, zone, report);
  const series = extended(before.series, before.fired.startedAt, at, level.value);
  const state = { ...fall(before, level, dt, at), series };
  if (state.belowMs < context.params.endHoldSeconds * 1000) return goOn(state, before.fired, level, at, zone, report);
  const slot = slotsOf(zone, level.criterion.id);
  return { state: quiet, findings: [report('end', state)], slots: [{ drop: slot.worst }, { drop: slot.start }] };
}
