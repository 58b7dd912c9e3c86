/** Queries on `monthly_reports`: what was signed, and when. */
import type { Selectable } from 'kysely';
import type { Db } from './store.ts';
import type { MonthlyReportsTable } from './tables/reports.ts';

export type SignedReportRow = Selectable<MonthlyReportsTable>;

/** Adds a signed version. */
export async function insertSignedReport(db: Db, row: SignedReportRow): Promise<void> {
  await db.insertInto('monthly_reports').values(row).execute();
}

/** The last of all that was ever signed: the next one goes on from its hash. */
export function lastSignedReport(db: Db): Promise<Pick<SignedReportRow, 'n' | 'hash'> | undefined> {
  return db.selectFrom('monthly_reports').select(['n', 'hash']).orderBy('n', 'desc').limit(1).executeTakeFirst();
}

/** Versions of a month without their bodies, oldest first. */
export function signedVersions(db: Db, month: string): Promise<Omit<SignedReportRow, 'body'>[]> {
  return db
    .selectFrom('monthly_reports')
    .select(['month', 'version', 'n', 'body_hash', 'digest', 'signed_by', 'signed_name', 'signed_at', 'note'])
    .select(['prev_hash', 'hash'])
    .where('month', '=', month)
    .orderBy('version')
    .execute();
}

/** One signed version, or the latest of the month. */
export function signedReport(db: Db, month: string, version?: number): Promise<SignedReportRow | undefined> {
  return db
    .selectFrom('monthly_reports')
    .selectAll()
    .where('month', '=', month)
    .$if(version !== undefined, (query) => query.where('version', '=', version as number))
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
}
