/** One matter's way from quiet to event and back: a hold above the threshold, hysteresis, the worst moment, a series. */
import type { Finding, RuleContext, SlotUpdate } from '../../domain/rule.ts';
import type { Scene } from '../../domain/scene.ts';
import type { BikeCount, Matter } from './count.ts';
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

export type Watch = {
  /** At or above the threshold since, ms, and how much of that was watched. */
  readonly aboveSince: number | null;
  readonly aboveMs: number;
  /** Time below the threshold within the hold; and below the lower one, which ends an event. */
  readonly dipMs: number;
  readonly belowMs: number;
  readonly belowSince: number | null;
  readonly fired: {
    readonly key: string;
    readonly startedAt: number;
    readonly saidAt: number;
    /** Greatest count, greatest and last count that was told. */
    readonly worst: number;
    readonly saidWorst: number;
    readonly saidCount: number;
  } | null;
  /** [seconds since the start, count] */
  readonly series: readonly (readonly [number, number])[];
};
export const quiet: Watch = {
  aboveSince: null,
  aboveMs: 0,
  dipMs: 0,
  belowMs: 0,
  belowSince: null,
  fired: null,
  series: [],
};

/** Halves the series when it is full, so that it always spans the whole event. */
function extended(series: Watch['series'], startedAt: number, at: number, count: number): Watch['series'] {
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

/** What a matter's bikes are now: `value` is their count without flicker. */
export type Level = {
  readonly matter: Matter;
  readonly value: number;
  readonly bikes: readonly StandingBike[];
};

/** `dt` ms of certain time passed. */
function hold(watch: Watch, { matter, value, bikes }: Level, dt: number, at: number): Watch {
  if (value >= matter.threshold) {
    if (watch.aboveSince !== null) return { ...watch, aboveMs: watch.aboveMs + dt, dipMs: 0 };
    const last = reachedBy(bikes, matter.threshold);
    const aboveSince = last ? Math.min(at, last.since) : at;
    return { ...watch, aboveSince, aboveMs: at - aboveSince - (last?.unknownMs ?? 0), dipMs: 0 };
  }
  if (watch.aboveSince === null) return watch;
  const dipMs = watch.dipMs + dt;
  const lost = dipMs > (value < matter.low ? MAX_DEEP_DIP_MS : MAX_DIP_MS);
  return lost ? { ...watch, aboveSince: null, aboveMs: 0, dipMs: 0 } : { ...watch, dipMs };
}

function fall(watch: Watch, { matter, value }: Level, dt: number, at: number): Watch {
  if (value >= matter.low) return watch.belowSince === null ? watch : { ...watch, belowMs: 0, belowSince: null };
  return { ...watch, belowMs: watch.belowMs + dt, belowSince: watch.belowSince ?? at };
}

export type Judged = {
  readonly watch: Watch;
  readonly findings: readonly Finding<'bike-clutter'>[];
  readonly slots: readonly SlotUpdate[];
};
type Say = (phase: 'start' | 'update' | 'end', of: Watch) => Finding<'bike-clutter'>;

function begin(before: Watch, level: Level, dt: number, at: number, zone: string, say: Say): Judged {
  const { matter, value, bikes } = level;
  const slot = slotsOf(zone, matter.id);
  const watch = hold(before, level, dt, at);
  const slots: SlotUpdate[] = [];
  if (before.aboveSince === null && watch.aboveSince !== null) slots.push({ slot: slot.start });
  if (before.aboveSince !== null && watch.aboveSince === null) slots.push({ drop: slot.start });
  const held = value >= matter.threshold && watch.aboveMs - unseenMs(bikes, matter.threshold) >= matter.holdMs;
  if (watch.aboveSince === null || !held) return { watch, findings: [], slots };
  const startedAt = Math.min(at, watch.aboveSince + AT_REST_MS);
  const fired = {
    key: `${startedAt}-${matter.id}`,
    startedAt,
    saidAt: at,
    worst: value,
    saidWorst: value,
    saidCount: value,
  };
  const next: Watch = { ...watch, fired, belowMs: 0, belowSince: null, series: extended([], startedAt, at, value) };
  return { watch: next, findings: [say('start', next)], slots: [...slots, { slot: slot.worst }] };
}

function goOn(
  watch: Watch,
  fired: NonNullable<Watch['fired']>,
  { matter, value }: Level,
  at: number,
  zone: string,
  say: Say,
): Judged {
  const slots: SlotUpdate[] = value > fired.worst ? [{ slot: slotsOf(zone, matter.id).worst }] : [];
  const now = { ...fired, worst: Math.max(fired.worst, value) };
  const told = at - fired.saidAt;
  const worse = now.worst > fired.saidWorst;
  // Below the lower threshold the next word is the end.
  const changed = value >= matter.low && Math.abs(value - fired.saidCount) >= MIN_CHANGED_SHARE * fired.saidCount;
  if (told < MAX_UPDATE_MS && !(told >= MIN_UPDATE_MS && (worse || changed))) {
    return { watch: { ...watch, fired: now }, findings: [], slots };
  }
  const next = { ...watch, fired: { ...now, saidAt: at, saidWorst: now.worst, saidCount: value } };
  return { watch: next, findings: [say('update', next)], slots };
}

/** One look further; `dt` ms of certain time since the last scene. */
export function judge(
  before: Watch,
  level: Level,
  count: BikeCount,
  dt: number,
  scene: Scene,
  context: RuleContext<'bike-clutter'>,
): Judged {
  const { at } = scene;
  const zone = context.zone.id;
  const say: Say = (phase, of) => findingOf(phase, level, of, count, scene, context);
  if (!before.fired) return begin(before, level, dt, at, zone, say);
  const series = extended(before.series, before.fired.startedAt, at, level.value);
  const watch = { ...fall(before, level, dt, at), series };
  if (watch.belowMs < context.params.endHoldSeconds * 1000) return goOn(watch, before.fired, level, at, zone, say);
  const slot = slotsOf(zone, level.matter.id);
  return { watch: quiet, findings: [say('end', watch)], slots: [{ drop: slot.worst }, { drop: slot.start }] };
}
