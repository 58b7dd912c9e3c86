/** The monthly bulletin: as known now, as signed, and signing it. */
import type { MonthlyReport, ReportSignature, SignBody } from '../../contracts/api/report.ts';
import { GENESIS } from '../../contracts/event.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import { type ViolationKind, violationKinds, violations } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import { dueAt } from '../cases/lifecycle/deadline.ts';
import {
  insertSignedReport,
  lastSignedReport,
  type SignedReportRow,
  signedReport,
  signedVersions,
} from '../storage/monthly-reports.ts';
import { countCasesOpened } from '../storage/reports.ts';
import type { Store } from '../storage/store.ts';
import type { CaseFact, FigureSettings, MonthFacts, ReportDeadlines } from './figures/facts.ts';
import { headlineOf, monthFigures } from './figures/month.ts';
import { monthBefore, monthPeriod } from './figures/period.ts';
import { readCaseFacts, readMonthFacts } from './read-facts.ts';
import { missing, tablesOf } from './tables/index.ts';

export type ReportSigner = { readonly name: string; readonly displayName: string };

export type MonthlyReports = {
  /** The latest signed version, that version, or with 0 the month as known now. @throws API_NOT_FOUND */
  read(month: string, version?: number): Promise<MonthlyReport>;
  /** Signatures of a month, oldest first. */
  versions(month: string): Promise<ReportSignature[]>;
  /** Freezes the month as its next version. @throws API_REPORT_OPEN, API_VERSION, API_VALIDATION */
  sign(body: SignBody, by: ReportSigner): Promise<MonthlyReport>;
};

export type MonthlyReportsOptions = {
  readonly store: Store;
  readonly clock: Clock;
  readonly calendar: Calendar;
  readonly utcOffsetMinutes: number;
  readonly settings?: Partial<FigureSettings> | undefined;
};

const lasting = violationKinds.filter((kind) => violations[kind].joins !== 'event');

/** Limits as the desk counts them. */
function deadlinesBy(calendar: Calendar): ReportDeadlines {
  const due = (state: 'dispatched' | 'inspecting') => (fact: Pick<CaseFact, 'kind' | 'reasons'>, since: number) =>
    (violationKinds as readonly string[]).includes(fact.kind)
      ? dueAt(state, fact.kind as ViolationKind, fact.reasons, since, calendar)
      : null;
  return { handling: due('dispatched'), inspection: due('inspecting') };
}

/** What was signed, as it is hashed: `prev` chains all that was ever signed. */
function signatureHash(row: Omit<SignedReportRow, 'hash' | 'body'>): string {
  return sha256Hex(canonicalJson(row));
}

const toSignature = (row: Omit<SignedReportRow, 'body'>): ReportSignature => ({
  version: row.version,
  by: row.signed_by,
  name: row.signed_name,
  at: row.signed_at,
  note: row.note,
  digest: row.digest,
  hash: row.hash,
});

const fault = (path: string, message: string, messageZh: string) => ({ faults: [{ path, message, messageZh }] });

/** What must hold before a month is signed again. */
function checkSignable(report: MonthlyReport, { digest, note }: SignBody, versions: number): void {
  if (!report.complete) throw new AppError('API_REPORT_OPEN', report.month);
  if (report.digest !== digest) throw new AppError('API_VERSION', `figures of ${report.month} have changed`);
  if (versions > 0 && !note?.trim()) {
    const why = fault('note', 'a new version needs its reason', '新版本须写明原因');
    throw new AppError('API_VALIDATION', `${report.month} is signed`, why);
  }
}

function namesOf({ cameras, sites }: MonthFacts) {
  const byId = <T extends { readonly id: string; readonly name: { zh: string; en: string } }>(all: readonly T[]) => {
    const names = new Map(all.map(({ id, name }) => [id, name]));
    return (id: string) => names.get(id) ?? id;
  };
  return { camera: byId(cameras), site: byId(sites) };
}

/** @param options `settings` default to rework of what was handled, and deferred cases staying in */
export function createMonthlyReports(options: MonthlyReportsOptions): MonthlyReports {
  const { store, clock, calendar, utcOffsetMinutes } = options;
  const given = options.settings ?? {};
  const settings: FigureSettings = {
    reworkOf: given.reworkOf ?? 'handled',
    deferredLeave: given.deferredLeave ?? false,
    assessment: given.assessment ?? 'full',
  };
  const deadlines = deadlinesBy(calendar);

  async function previousOf(month: string, now: number): Promise<MonthlyReport['figures']['previous']> {
    const before = monthBefore(month);
    const signed = await signedReport(store.db, before);
    if (signed) {
      const { figures } = JSON.parse(signed.body) as MonthlyReport;
      return { month: before, version: signed.version, headline: figures.headline };
    }
    const facts = await readCaseFacts(store, monthPeriod(before, utcOffsetMinutes, now));
    return { month: before, version: null, headline: headlineOf({ facts, deadlines, settings }) };
  }

  /** The month as the database knows it now. */
  async function make(month: string): Promise<MonthlyReport> {
    const now = clock.now();
    const period = monthPeriod(month, utcOffsetMinutes, now);
    const facts = await readMonthFacts(store, period);
    const parts = { facts, deadlines, settings };
    const figures = monthFigures(parts, { kinds: violationKinds, lasting }, await previousOf(month, now), now);
    const [from, to] = [timestamp(period.from), timestamp(period.to)];
    const rows = await countCasesOpened(store.db, from, to);
    return {
      ...{ month, from, to, utcOffsetMinutes, madeAt: timestamp(now), complete: period.until === period.to },
      ...{ state: 'provisional', signature: null, digest: sha256Hex(canonicalJson(figures)) },
      settings: { ...settings },
      figures,
      missing,
      tables: tablesOf({ figures, rows, settings }, namesOf(facts)),
      rows,
      observations: figures.counted,
    };
  }

  function fromRow(row: SignedReportRow): MonthlyReport {
    return { ...(JSON.parse(row.body) as MonthlyReport), state: 'signed', signature: toSignature(row) };
  }

  return {
    async read(month, version) {
      const row = version === 0 ? undefined : await signedReport(store.db, month, version);
      if (row) return fromRow(row);
      if (version) throw new AppError('API_NOT_FOUND', `version ${version} of ${month}`);
      return make(month);
    },
    versions: async (month) => (await signedVersions(store.db, month)).map(toSignature),
    async sign(body, by) {
      const report = await make(body.month);
      const row = await store.exclusive(async (trx) => {
        const versions = await signedVersions(trx, body.month);
        checkSignable(report, body, versions.length);
        const last = await lastSignedReport(trx);
        const text = JSON.stringify(report);
        const unhashed = {
          ...{ month: body.month, version: versions.length + 1, n: (last?.n ?? 0) + 1 },
          ...{ body_hash: sha256Hex(text), digest: report.digest },
          ...{ signed_by: by.name, signed_name: by.displayName, signed_at: timestamp(clock.now()) },
          ...{ note: body.note?.trim() || null, prev_hash: last?.hash ?? GENESIS },
        };
        const signed = { ...unhashed, body: text, hash: signatureHash(unhashed) };
        await insertSignedReport(trx, signed);
        return signed;
      });
      return fromRow(row);
    },
  };
}

/** Without what names members of staff: for roles below supervisor. */
export function withoutOperators(report: MonthlyReport): MonthlyReport {
  return {
    ...report,
    figures: { ...report.figures, operators: null },
    tables: report.tables.filter(({ id }) => id !== 'operators'),
  };
}
