/** The bulletin of a month as the database knows it now. */
import type { MonthlyReport } from '../../contracts/api/report.ts';
import type { UserScope } from '../../contracts/api/scope.ts';
import type { StreetNames } from '../../contracts/grid.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import { type ViolationKind, violationKinds, violations } from '../../contracts/violations/index.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { dueAt } from '../cases/lifecycle/deadline.ts';
import type { LimitTable } from '../cases/lifecycle/limits.ts';
import { readLimits } from '../cases/matters.ts';
import { signedReport } from '../storage/monthly-reports.ts';
import { type Confinement, placesOf } from '../storage/reach.ts';
import { countCasesOpened } from '../storage/reports.ts';
import type { Store } from '../storage/store.ts';
import type { CaseFact, FigureSettings, MonthFacts, ReportDeadlines } from './figures/facts.ts';
import { headlineOf, monthFigures } from './figures/month.ts';
import { monthBefore, monthPeriod } from './figures/period.ts';
import { readCaseFacts, readMonthFacts } from './read-facts.ts';
import { missing, tablesOf } from './tables/index.ts';

export type MonthlyReportsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly utcOffsetMinutes: number;
  /** Filing table whose limits count. */
  readonly scheme?: string | undefined;
  readonly settings?: Partial<FigureSettings> | undefined;
  readonly streets?: StreetNames | undefined;
};

const lasting = violationKinds.filter((kind) => violations[kind].joins !== 'event');

/** Limits as the desk counts them. */
function deadlinesBy(calendar: Calendar, table: LimitTable): ReportDeadlines {
  const due = (state: 'dispatched' | 'inspecting') => (fact: Pick<CaseFact, 'kind' | 'reasons'>, since: number) =>
    (violationKinds as readonly string[]).includes(fact.kind)
      ? dueAt(state, fact.kind as ViolationKind, fact.reasons, since, calendar, table)
      : null;
  return { handling: due('dispatched'), inspection: due('inspecting') };
}

/** The name with its code, as two streets may have one name; the code alone where no name is known. */
function streetIn(streets: StreetNames) {
  const names = new Map(streets.map(({ code, name }) => [code, name]));
  return (code: string) => {
    const name = names.get(code);
    return name === undefined ? code : { zh: `${name.zh}（${code}）`, en: `${name.en} (${code})` };
  };
}

function namesOf({ cameras, sites }: MonthFacts, streets: StreetNames) {
  const byId = <T extends { readonly id: string; readonly name: { zh: string; en: string } }>(all: readonly T[]) => {
    const names = new Map(all.map(({ id, name }) => [id, name]));
    return (id: string) => names.get(id) ?? id;
  };
  return { camera: byId(cameras), site: byId(sites), street: streetIn(streets) };
}

type Previous = MonthlyReport['figures']['previous'];

/** @param options `settings` default to rework of what was handled, and deferred cases staying in */
export function createMaking({ store, clock, calendar, utcOffsetMinutes, ...options }: MonthlyReportsOptions) {
  const given = options.settings ?? {};
  const settings: FigureSettings = {
    reworkOf: given.reworkOf ?? 'handled',
    deferredLeave: given.deferredLeave ?? false,
    assessment: given.assessment ?? 'full',
  };
  const { scheme = 'city-table-b' } = options;

  /** The month before: as signed, else as known now. */
  async function previousOf(
    month: string,
    now: number,
    deadlines: ReportDeadlines,
    reach: Confinement,
  ): Promise<Previous> {
    const before = monthBefore(month);
    // What is signed is the whole city's.
    const signed = reach === null ? await signedReport(store.db, before) : undefined;
    if (signed) {
      const { figures } = JSON.parse(signed.body) as MonthlyReport;
      return { month: before, version: signed.version, headline: figures.headline };
    }
    const facts = await readCaseFacts(store, monthPeriod(before, utcOffsetMinutes, now), reach);
    return { month: before, version: null, headline: headlineOf({ facts, deadlines, settings }) };
  }

  return async function make(month: string, scope: UserScope | null = null): Promise<MonthlyReport> {
    const reach = placesOf(scope);
    const now = clock.now();
    const period = monthPeriod(month, utcOffsetMinutes, now);
    const facts = await readMonthFacts(store, period, reach);
    const deadlines = deadlinesBy(calendar, await readLimits(store.db, scheme));
    const parts = { facts, deadlines, settings };
    const figures = monthFigures(
      parts,
      { kinds: violationKinds, lasting },
      await previousOf(month, now, deadlines, reach),
      now,
    );
    const [from, to] = [timestamp(period.from), timestamp(period.to)];
    const rows = await countCasesOpened(store.db, from, to, reach);
    return {
      ...(scope === null ? {} : { scope }),
      ...{ month, from, to, utcOffsetMinutes, madeAt: timestamp(now), complete: period.until === period.to },
      ...{ state: 'provisional', signature: null, digest: sha256Hex(canonicalJson(figures)) },
      settings: { ...settings },
      figures,
      missing,
      tables: tablesOf({ figures, rows, settings }, namesOf(facts, options.streets ?? [])),
      rows,
      observations: figures.counted,
    };
  };
}
