/** Whom to call about a report: kept apart from the case, for a while, and every look is in the audit log. */
import type { ReportContact } from '../../contracts/api/citizen-report.ts';
import { AppError } from '../../platform/app-error.ts';
import { type Author, appendAudit } from '../audit.ts';
import { contactOf, reportsOfCase } from '../storage/citizen-reports.ts';
import type { Store } from '../storage/store.ts';

/** @throws API_NOT_FOUND where the case has no such report, or nobody to call is kept */
export function readContact(store: Store, caseId: string, report: string, by: Author): Promise<ReportContact> {
  return store.transaction(async (trx) => {
    const own = (await reportsOfCase(trx, caseId)).some(({ id }) => id === report);
    const row = own ? await contactOf(trx, report) : undefined;
    if (!row) throw new AppError('API_NOT_FOUND', `contact of report ${report}`);
    await appendAudit(trx, by, [{ action: 'view', thing: 'contact', id: report, data: { case: caseId } }]);
    return { ...(JSON.parse(row.body) as Omit<ReportContact, 'until'>), until: row.until };
  });
}
