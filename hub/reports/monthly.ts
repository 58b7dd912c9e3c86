/** The monthly bulletin: as known now, as signed, and signing it. */
import type { MonthlyReport, ReportSignature, SignBody } from '../../contracts/api/report.ts';
import type { UserScope } from '../../contracts/api/scope.ts';
import { GENESIS } from '../../contracts/event.ts';
import { AppError } from '../../platform/app-error.ts';
import { canonicalJson, sha256Hex } from '../../platform/canonical.ts';
import { timestamp } from '../../platform/clock.ts';
import {
  insertSignedReport,
  lastSignedReport,
  type SignedReportRow,
  signedReport,
  signedVersions,
} from '../storage/monthly-reports.ts';
import type { Trx } from '../storage/store.ts';
import { createMaking, type MonthlyReportsOptions } from './make.ts';

export type ReportSigner = { readonly name: string; readonly displayName: string };

export type MonthlyReports = {
  /**
   * The latest signed version, that version, or with 0 the month as known now. What is signed is the whole city's: with
   * a scope it is as known now, of those places alone.
   * @throws API_NOT_FOUND
   */
  read(month: string, version?: number, scope?: UserScope): Promise<MonthlyReport>;
  /** Signatures of a month, oldest first. */
  versions(month: string): Promise<ReportSignature[]>;
  /** Freezes the month as its next version. @throws API_REPORT_OPEN, API_VERSION, API_VALIDATION */
  sign(body: SignBody, by: ReportSigner): Promise<MonthlyReport>;
};

/** What was signed, as it is hashed: `prev_hash` chains all that was ever signed. */
function signatureHash(row: Omit<SignedReportRow, 'hash' | 'body'>): string {
  return sha256Hex(canonicalJson(row));
}

/** Whether nothing of it was changed since. */
export function isIntact({ body, hash, ...row }: SignedReportRow): boolean {
  return sha256Hex(body) === row.body_hash && signatureHash(row) === hash;
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

function fromRow(row: SignedReportRow): MonthlyReport {
  if (!isIntact(row)) throw new AppError('API_INTERNAL', `version ${row.version} of ${row.month} is not as signed`);
  return { ...(JSON.parse(row.body) as MonthlyReport), state: 'signed', signature: toSignature(row) };
}

/** What must hold before a month is signed. */
function checkSignable(report: MonthlyReport, { digest, note }: SignBody, versions: number): void {
  if (!report.complete) throw new AppError('API_REPORT_OPEN', report.month);
  if (report.digest !== digest) throw new AppError('API_VERSION', `figures of ${report.month} have changed`);
  if (versions > 0 && !note?.trim()) {
    const faults = [{ path: 'note', message: 'a new version needs its reason', messageZh: '新版本须写明原因' }];
    throw new AppError('API_VALIDATION', `${report.month} is signed`, { faults });
  }
}

/** Writes the next version behind all that was signed before. @param at RFC 3339 */
async function freeze(trx: Trx, report: MonthlyReport, body: SignBody, by: ReportSigner, at: string) {
  const versions = await signedVersions(trx, report.month);
  checkSignable(report, body, versions.length);
  const last = await lastSignedReport(trx);
  const text = JSON.stringify(report);
  const unhashed = {
    ...{ month: report.month, version: versions.length + 1, n: (last?.n ?? 0) + 1 },
    ...{ body_hash: sha256Hex(text), digest: report.digest },
    ...{ signed_by: by.name, signed_name: by.displayName, signed_at: at },
    ...{ note: body.note?.trim() || null, prev_hash: last?.hash ?? GENESIS },
  };
  const row = { ...unhashed, body: text, hash: signatureHash(unhashed) };
  await insertSignedReport(trx, row);
  return row;
}

/** Bulletins of the hub's months. */
export function createMonthlyReports(options: MonthlyReportsOptions): MonthlyReports {
  const { store, clock } = options;
  const make = createMaking(options);
  /** Who asks while the same month is being made waits for that: it is the work of a second in a large city. */
  const making = new Map<string, Promise<MonthlyReport>>();

  function makeOnce(month: string, scope: UserScope | null): Promise<MonthlyReport> {
    const key = JSON.stringify([month, scope]);
    const running = making.get(key) ?? make(month, scope).finally(() => making.delete(key));
    making.set(key, running);
    return running;
  }

  return {
    async read(month, version, scope) {
      const row = version === 0 || scope ? undefined : await signedReport(store.db, month, version);
      if (row) return fromRow(row);
      if (version) throw new AppError('API_NOT_FOUND', `version ${version} of ${month}`);
      return makeOnce(month, scope ?? null);
    },
    versions: async (month) => (await signedVersions(store.db, month)).map(toSignature),
    async sign(body, by) {
      const report = await make(body.month);
      const row = await store.exclusive((trx) => freeze(trx, report, body, by, timestamp(clock.now())));
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
