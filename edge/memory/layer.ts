/**
 * What one thing did in one light, cell by cell: counters that fade over days. Memory is taken once; counting an inference
 * allocates nothing. Deterministic: time comes with each call.
 */
import { MEMORY_CELLS, type MemoryThing } from '../../contracts/camera-memory.ts';
import { type BarLimits, raisedBar } from './bar.ts';
import { perCell } from './cells.ts';
import {
  ABSENT_FACTOR,
  ABSENT_SHARE,
  MAX_PAUSE_MS,
  MIN_DWELL_MS,
  MIN_WATCHED_SECONDS,
  PERSISTENT_SHARE,
  UNDECIDED_DAY,
} from './tuning.ts';

/** Counters that fade, in the order in which they are saved. */
export const counterNames = ['seen', 'days', 'dwells', 'events', 'rejected', 'confirmed'] as const;
export type CounterName = (typeof counterNames)[number];

/** Stalls come and go; bicycles and trucks may rightly stand for days, and only a person's word is evidence of these. */
const comesAndGoes = (thing: MemoryThing) => thing === 'stall';

export type Layer = ReturnType<typeof createLayer>;

/** @param thing what is counted */
export function createLayer(thing: MemoryThing) {
  const counters = Object.fromEntries(counterNames.map((name) => [name, perCell()])) as Record<
    CounterName,
    Float64Array
  >;
  /** Seconds of this day, and 1 where an event began on it. */
  const today = perCell();
  const eventToday = perCell();
  /** The stay under way: its first and last sight, ms, and 1 where it became an event. */
  const from = perCell();
  const to = perCell();
  const isEvent = perCell();
  /** Number of the inference that marked a cell last: each cell counts once. */
  const marked = perCell();
  const bars = perCell();
  let mark = 0;

  function endStay(cell: number): void {
    const stayed = (to[cell] as number) - (from[cell] as number);
    if (stayed >= MIN_DWELL_MS && isEvent[cell] === 0) (counters.dwells[cell] as number) += 1;
    from[cell] = 0;
    to[cell] = 0;
    isEvent[cell] = 0;
  }

  /** One day is over. `share`: of the watched time, in which a box stood in the cell. */
  function endDay(cell: number, watched: number): void {
    const share = (today[cell] as number) / watched;
    if (share >= PERSISTENT_SHARE) (counters.days[cell] as number) += eventToday[cell] ? UNDECIDED_DAY : 1;
    else if (share < ABSENT_SHARE) (counters.days[cell] as number) *= ABSENT_FACTOR;
  }

  return {
    thing,
    counters,
    bars,
    /** Counts of the day that has not ended: seconds, and 1 where an event began on it. */
    today,
    eventToday,
    /** Before the boxes of an inference. */
    begin(): void {
      mark++;
    },
    /** A box may stand in this cell. @param seconds since the inference before */
    see(cell: number, at: number, seconds: number): void {
      if (marked[cell] === mark) return;
      marked[cell] = mark;
      (today[cell] as number) += seconds;
      if ((from[cell] as number) > 0 && at - (to[cell] as number) > MAX_PAUSE_MS) endStay(cell);
      if (from[cell] === 0) from[cell] = at;
      to[cell] = at;
    },
    /** An event began here. */
    event(cell: number): void {
      (counters.events[cell] as number) += 1;
      eventToday[cell] = 1;
      isEvent[cell] = 1;
    },
    /** @param watched s of the day that has ended; @param keep what is left of older counts */
    roll(watched: number, keep: number, at: number): void {
      for (let cell = 0; cell < MEMORY_CELLS; cell++) {
        if ((from[cell] as number) > 0 && at - (to[cell] as number) > MAX_PAUSE_MS) endStay(cell);
        for (const name of counterNames) (counters[name][cell] as number) *= keep;
        if (watched >= MIN_WATCHED_SECONDS) endDay(cell, watched);
        (counters.seen[cell] as number) += today[cell] as number;
      }
      today.fill(0);
      eventToday.fill(0);
    },
    /** Computes the bars anew. @returns cells with a raised one */
    raise(base: Float64Array, limits: BarLimits): number {
      let raised = 0;
      for (let cell = 0; cell < MEMORY_CELLS; cell++) {
        const evidence = {
          days: comesAndGoes(thing) ? (counters.days[cell] as number) : 0,
          rejected: counters.rejected[cell] as number,
          confirmed: counters.confirmed[cell] as number,
        };
        bars[cell] = comesAndGoes(thing) ? raisedBar(evidence, base[cell] as number, limits) : 0;
        if ((bars[cell] as number) > 0) raised++;
      }
      return raised;
    },
    /** Forgets a cell. */
    clear(cell: number): void {
      for (const name of counterNames) counters[name][cell] = 0;
      for (const one of [today, eventToday, from, to, isEvent]) one[cell] = 0;
    },
  };
}
