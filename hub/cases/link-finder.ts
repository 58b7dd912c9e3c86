/** Looks for links of what was stored, behind the batches and never in their way: a bounded queue, chunk after chunk. */
import type { Counter } from 'prom-client';
import { violations } from '../../contracts/violations/index.ts';
import { backOffMs } from '../../platform/back-off.ts';
import { type Clock, systemElapsed } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { sleep } from '../../platform/sleep.ts';
import type { Changes } from '../changes.ts';
import { eventFactsOfCases } from '../storage/events.ts';
import type { Store } from '../storage/store.ts';
import { proposeLinks } from './links.ts';
import type { CaseSettings } from './settings.ts';
import { toCaseSummary } from './summary.ts';

export type LinkFinder = {
  /** Events that were stored, by id. */
  look(events: readonly string[]): void;
  /** Resolves when everything handed over so far was looked at. */
  idle(): Promise<void>;
  close(): Promise<void>;
};

export type LinkFinderOptions = {
  readonly store: Store;
  readonly settings: CaseSettings;
  readonly clock: Clock;
  readonly changes: Changes;
  readonly log: Log;
  /** Counts what there was no room for. */
  readonly dropped?: Counter;
  readonly random?: () => number;
};

const AT_ONCE = 64;
/** Half an hour of a city's events; behind that the newest are worth more than the oldest. */
const MAX_WAITING = 10_000;
/** While batches come faster than this it waits, so long at most for each chunk. */
const QUIET_MS = 200;
const PATIENCE_MS = 2_000;
const RETRY = { minMs: 500, maxMs: 30_000 };
/** A person has said what the plate is, or takes that back. */
const namesPlate: ReadonlySet<string> = new Set(['confirm', 'undo']);

/** Starts at once; what waits when the hub ends is looked at when its event is told of next. */
export function startLinkFinder(options: LinkFinderOptions): LinkFinder {
  const { store, settings, clock, changes, log, dropped } = options;
  const random = options.random ?? Math.random;
  const waiting = new Set<string>();
  const stop = new AbortController();
  let running: Promise<void> | null = null;
  let handedOver = 0;

  function look(events: readonly string[]): void {
    if (!settings.links.enabled || stop.signal.aborted) return;
    for (const event of events) waiting.add(event);
    handedOver = systemElapsed();
    for (const oldest of waiting) {
      if (waiting.size <= MAX_WAITING) break;
      waiting.delete(oldest);
      dropped?.inc();
    }
    if (waiting.size > 0) running ??= run().finally(() => (running = null));
  }

  async function lookAt(events: readonly string[]): Promise<void> {
    for (let attempt = 0; !stop.signal.aborted; attempt += 1) {
      try {
        for (const row of await proposeLinks(store, settings, events, clock.now()))
          changes.emit({ type: 'case', case: toCaseSummary(row, clock.now()), action: 'link-proposed' });
        return;
      } catch (error) {
        log.warn({ err: error, events: events.length }, 'links could not be looked for; trying again');
        await sleep(backOffMs(attempt, random, RETRY), stop.signal);
      }
    }
  }

  /** Batches go first: until none has come for a moment, but not for ever. */
  async function quiet(): Promise<void> {
    const since = systemElapsed();
    while (!stop.signal.aborted && systemElapsed() - handedOver < QUIET_MS && systemElapsed() - since < PATIENCE_MS)
      await sleep(QUIET_MS / 4, stop.signal);
  }

  async function run(): Promise<void> {
    while (waiting.size > 0 && !stop.signal.aborted) {
      await quiet();
      const chunk = [...waiting].slice(0, AT_ONCE);
      for (const event of chunk) waiting.delete(event);
      await lookAt(chunk);
    }
  }

  const unsubscribe = changes.subscribe((message) => {
    if (message.type !== 'case' || !namesPlate.has(message.action)) return;
    if (!violations[message.case.kind].plateField) return;
    void eventFactsOfCases(store.db, [message.case.id])
      .then((events) => look(events.map(({ id }) => id)))
      .catch((error: unknown) => log.warn({ err: error }, 'events of a case could not be read for its links'));
  });

  return {
    look,
    async idle() {
      while (running) await running;
    },
    async close() {
      unsubscribe();
      stop.abort();
      await running;
    },
  };
}
