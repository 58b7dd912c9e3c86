/** What the office sets about cases. */
import type { Calendar } from '../../contracts/schedule.ts';
import { calendarOf } from '../../platform/calendar.ts';
import type { HubConfig } from '../config.ts';
import type { LinkSettings } from '../dedupe/link.ts';
import type { JoinSettings } from '../dedupe/report.ts';
import { linkSettings } from '../links-config.ts';
import { DEFAULT_LEVELS, type EscalationLevels, sortedLevels } from './lifecycle/escalation.ts';

export type CaseSettings = {
  /** Six-digit division code at the head of case numbers. */
  readonly district: string;
  readonly calendar: Calendar;
  /** An unreviewed case expires after this, ms. */
  readonly expireMs: number;
  /** A new case within this time of a closed one on the spot is its recurrence, ms. */
  readonly recurrenceMs: number;
  /** A claim holds for so long after its holder's last sign of life, ms. */
  readonly claimMs: number;
  /** Who decided may take it back for so long, ms. */
  readonly undoMs: number;
  /** Filing table whose limits count. */
  readonly scheme: string;
  readonly escalation: EscalationLevels;
  /** Whether a close must name a closure code. */
  readonly closureCode: 'optional' | 'required';
  /** When cases of two cameras are likely the same. */
  readonly links: LinkSettings;
  /** How near a report and what a camera sees must be to be one incident. */
  readonly reportJoin: JoinSettings;
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The hub has one clock for everything; a calendar alone has one of its own. */
export function hubCalendar({ utcOffsetMinutes, calendar }: Pick<HubConfig, 'utcOffsetMinutes' | 'calendar'>) {
  return { ...calendar, ...(utcOffsetMinutes === undefined ? {} : { utcOffsetMinutes }) };
}

/** @param calendar as read with its file; without one the announced years count */
export function caseSettings(
  config: Pick<
    HubConfig,
    'district' | 'utcOffsetMinutes' | 'calendar' | 'dedupe' | 'links' | 'review' | 'limits' | 'intake'
  > = {},
  calendar = calendarOf(hubCalendar(config)),
): CaseSettings {
  return {
    district: config.district ?? '350500',
    calendar,
    expireMs: (config.dedupe?.expireHours ?? 24) * HOUR,
    recurrenceMs: (config.dedupe?.recurrenceHours ?? 24) * HOUR,
    claimMs: (config.review?.claimMinutes ?? 5) * MINUTE,
    undoMs: (config.review?.undoSeconds ?? 60) * 1000,
    scheme: config.limits?.scheme ?? 'city-table-b',
    escalation: sortedLevels(config.limits?.escalation ?? DEFAULT_LEVELS),
    closureCode: config.limits?.closureCode ?? 'optional',
    links: linkSettings(config.links),
    reportJoin: {
      metres: config.intake?.joinMetres ?? 50,
      ms: (config.intake?.joinMinutes ?? 120) * MINUTE,
    },
  };
}

/** Local date `yyyymmdd` of an instant. */
export function localDay(at: number, settings: CaseSettings): string {
  return new Date(at + settings.calendar.utcOffsetMinutes * 60_000).toISOString().slice(0, 10).replaceAll('-', '');
}

/**
 * Division code (GB/T 2260), local day and number of the day: 19 digits.
 *
 * @example caseNumber({ ...caseSettings(), district: '350500' }, '20261123', 7) // '3505002026112300007'
 */
export function caseNumber(settings: CaseSettings, day: string, n: number): string {
  return `${settings.district}${day}${String(n).padStart(5, '0')}`;
}
