/** Announces in time that the working calendar ends: in the log once a day, and as a metric. */
import { Gauge, type Registry } from 'prom-client';
import type { Calendar } from '../contracts/schedule.ts';
import { endOfCalendar, knownDays } from '../platform/calendar.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';

const DAY_MS = 86_400_000;

/** Warns now where it ends soon, then once a day. */
export function watchCalendar(parts: {
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly metrics: Registry;
  readonly log: Log;
}): { close(): Promise<void> } {
  const { calendar, clock, metrics, log } = parts;
  if (calendar.knownUntil !== undefined) {
    new Gauge({
      name: 'kerbwatch_calendar_known_days',
      help: 'Days from now to the last day whose holidays are known; below 0 deadlines may fall on holidays',
      registers: [metrics],
      collect() {
        this.set(knownDays(calendar, clock.now()) ?? Number.NaN);
      },
    });
  }
  const warnAhead = () => {
    const ending = endOfCalendar(calendar, clock.now());
    if (ending) log.warn({ knownUntil: calendar.knownUntil }, ending);
  };
  warnAhead();
  const timer = setInterval(warnAhead, DAY_MS);
  timer.unref();
  return {
    async close() {
      clearInterval(timer);
    },
  };
}
