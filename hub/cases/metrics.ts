/** What is counted of cases for whoever watches the hub. */
import { Counter, type Registry } from 'prom-client';

/** Counters of cases, in this registry. @returns what to call when a case has risen to a level */
export function countEscalations(registry: Registry): (level: number) => void {
  const counter = new Counter({
    name: 'kerbwatch_case_escalations_total',
    help: 'Cases that rose to a level before or after their limit',
    labelNames: ['level'],
    registers: [registry],
  });
  return (level) => counter.inc({ level });
}

/** Counts events that there was no room to look for links of. */
export function countUnlinked(registry: Registry): Counter {
  return new Counter({
    name: 'kerbwatch_link_events_dropped_total',
    help: 'Events whose links to cases of other cameras were not looked for: too many waited',
    registers: [registry],
  });
}
