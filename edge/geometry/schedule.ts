/** When a permit holds: season, weekly windows past midnight, holidays, make-up days, time to pack up. */
import type { Calendar, Season, StallPermit } from '../../contracts/schedule.ts';
import { dateText, localDay, windowSpan } from '../../contracts/weekly-windows.ts';

const MINUTE_MS = 60_000;
const DEFAULT_GRACE_MINUTES = 15;
/** A window may start late and last a day: what starts three days back has ended, with its grace. */
const DAYS_BACK = 2;

/** `grace` = closed, but so recently that the stall may still be packing up. */
type PermitState = 'open' | 'grace' | 'closed';

/** Both ends belong to the season; `from` after `to` wraps over the new year. */
export function inSeason(day: number, season: Season): boolean {
  const monthDay = dateText(day).slice(5);
  return season.from <= season.to
    ? season.from <= monthDay && monthDay <= season.to
    : season.from <= monthDay || monthDay <= season.to;
}

/** Whether the permit allows trade at an instant. The season is asked of the day on which the window starts. */
export function permitState(permit: StallPermit, calendar: Calendar, at: number): PermitState {
  const graceMs = (permit.graceMinutes ?? DEFAULT_GRACE_MINUTES) * MINUTE_MS;
  const today = localDay(at, calendar);
  let grace = false;
  for (let day = today - DAYS_BACK; day <= today; day++) {
    if (permit.season && !inSeason(day, permit.season)) continue;
    for (const window of permit.windows) {
      const span = windowSpan(window, day, calendar);
      if (!span || at < span.start) continue;
      if (at < span.end) return 'open';
      if (at < span.end + graceMs) grace = true;
    }
  }
  return grace ? 'grace' : 'closed';
}

/** The permits' hours for people: "18:30-22:30, 06-01/08-31 06:00-08:00" in written order, each once. */
export function windowsText(permits: readonly StallPermit[]): string {
  const texts = permits.flatMap(({ season, windows }) =>
    windows.map(({ from, to }) => `${season ? `${season.from}/${season.to} ` : ''}${from}-${to}`),
  );
  return [...new Set(texts)].join(', ');
}
