/** What a node does beside watching: reports how it is, checks its clock, and keeps its disk in bounds. */
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { watchNodeClock } from './node-clock.ts';
import type { EvidenceRetention } from './outbox/retention.ts';

const HEALTH_MS = 10_000;
const UPKEEP_MS = 60_000;
const CLOCK_CHECK_MS = 1000;

/** @returns ends it */
export function startUpkeep(
  retention: EvidenceRetention,
  clock: Clock,
  log: Log,
  reportHealth: () => void,
): () => void {
  // Hosts have watches of their own; this one reports a step once for all.
  const watch = watchNodeClock(clock, log);
  const noted = (work: Promise<unknown>) =>
    void work.catch((error: unknown) => log.warn({ err: error }, 'upkeep failed; tried again'));
  // What it reports is read from the outbox, which another program may hold at this moment.
  const report = () => noted(Promise.resolve().then(reportHealth));
  const timers = [
    setInterval(report, HEALTH_MS),
    setInterval(() => noted(retention.sweep()), UPKEEP_MS),
    setInterval(watch.check, CLOCK_CHECK_MS),
  ];
  noted(retention.removeOrphans());
  return () => timers.forEach(clearInterval);
}
