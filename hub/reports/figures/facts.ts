/** What the figures of a month are made of, as the database tells it. All instants in ms since the epoch. */
import type { ReworkDenominator } from '../../../contracts/api/report.ts';
import type { CountedStatistic } from '../../../contracts/api/report-figures.ts';
import type { Bilingual } from '../../../contracts/text.ts';

/** [from, to), a month of local time; `until` is where knowledge ends: `to`, or now. */
export type ReportPeriod = {
  readonly month: string;
  readonly from: number;
  readonly to: number;
  readonly until: number;
  readonly utcOffsetMinutes: number;
};

/** One entry of a case's trail. */
export type TrailStep = {
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly from: string | null;
  readonly to: string;
  /** Of a rejection. */
  readonly reason: string | null;
  /** The limit that a unit asked for. */
  readonly until: number | null;
};

export type CaseFact = {
  readonly id: string;
  readonly kind: string;
  readonly state: string;
  /** Empty where no camera has seen it. */
  readonly camera: string;
  readonly zone: string;
  readonly site: string | null;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly openedAt: number;
  readonly confirmedAt: number | null;
  readonly closedAt: number | null;
  readonly outcome: string | null;
  readonly recurrence: boolean;
  /** It has stood since the camera's first look: no violation until a person says so. */
  readonly proposal: boolean;
  readonly reasons: readonly string[];
  /** Permit whose hours, area or capacity were left. */
  readonly permit: string | null;
  /** As typed, or as read. */
  readonly plate: string | null;
  /** What opened it: a camera, or a report and its door. */
  readonly source: string;
  /** Of what was reported; else the camera's counts. */
  readonly district: string | null;
  /** Steps before the month's end that moved it or its limit, or objected to how it counts; oldest first. */
  readonly trail: readonly TrailStep[];
};

export type CameraFact = {
  readonly id: string;
  readonly name: Bilingual;
  readonly kind: string;
  readonly site: string | null;
  /** Six digits, or null where neither district nor grid cell is registered. */
  readonly district: string | null;
  /** Nine digits: district and street. */
  readonly street: string | null;
  readonly grid: string | null;
  /** By zone: what it lies near, e.g. `school`. */
  readonly sensitive: ReadonlyMap<string, string>;
  readonly watchedSeconds: number;
};

export type SiteFact = { readonly id: string; readonly name: Bilingual; readonly letter: boolean };

export type NoticeFact = {
  readonly site: string;
  readonly state: string;
  readonly sentAt: number | null;
  readonly acknowledgedAt: number | null;
  readonly correctBy: number;
};

export type CountedHours = {
  readonly kind: string;
  readonly hours: number;
  readonly watchedSeconds: number;
  readonly statistics: readonly CountedStatistic[];
};

/** Limits in working time, as the office set them; null where nothing is waited for. */
export type ReportDeadlines = {
  /** @param since dispatch */
  readonly handling: (fact: Pick<CaseFact, 'kind' | 'reasons'>, since: number) => number | null;
  /** @param since end of the handling limit */
  readonly inspection: (fact: Pick<CaseFact, 'kind' | 'reasons'>, since: number) => number | null;
};

export type FigureSettings = {
  readonly reworkOf: ReworkDenominator;
  /** Whether cases with an extension leave the denominators of handling and closing. */
  readonly deferredLeave: boolean;
  readonly assessment: 'full' | 'quanzhou-2021';
};

export type MonthFacts = {
  readonly period: ReportPeriod;
  readonly cases: readonly CaseFact[];
  /** Entries of trails by which an event came in first: `opened` or `sighting`. */
  readonly reports: { readonly opened: number; readonly joined: number; readonly proposed: number };
  readonly cameras: readonly CameraFact[];
  readonly sites: readonly SiteFact[];
  /** Carriers by plate, as haulage permits name them. */
  readonly carriers: ReadonlyMap<string, string>;
  /** Made in the month and not withdrawn. */
  readonly notices: readonly NoticeFact[];
  readonly counted: readonly CountedHours[];
  readonly countedBySite: ReadonlyMap<string, readonly CountedStatistic[]>;
  readonly decisions: readonly { readonly actor: string; readonly action: string; readonly count: number }[];
};
