/** The bulletin and its versions from the hub; signing it. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import type { MonthlyReport, ReportSignature, SignBody } from '../../../../contracts/api/report.ts';
import { request, withQuery } from '../api/request.ts';

const STALE_MS = 60_000;
const OFFSET_MS = 8 * 3_600_000;

/** Address of a bulletin in the API, below its base. */
export const reportPath = (month: string, more: Readonly<Record<string, string | number | undefined>> = {}) =>
  withQuery('/reports/monthly', { month, ...more });

/** A month; undefined = the latest signed version, else as known now. */
export function useReport(month: string, version: number | undefined) {
  return useQuery({
    queryKey: ['report', month, version ?? null] as const,
    queryFn: () => request<MonthlyReport>(reportPath(month, { version })),
    placeholderData: keepPreviousData,
    staleTime: STALE_MS,
  });
}

/** Who signed a month. */
export function useReportVersions(month: string) {
  return useQuery({
    queryKey: ['report-versions', month] as const,
    queryFn: () => request<ReportSignature[]>(withQuery('/reports/monthly/versions', { month })),
  });
}

/** Signs, and has everything of the month read again. */
export function useSign(): (body: SignBody) => Promise<MonthlyReport> {
  const client = useQueryClient();
  return async (body) => {
    const report = await request<MonthlyReport>('/reports/monthly/sign', { method: 'POST', body });
    await client.invalidateQueries({ queryKey: ['report', body.month] });
    await client.invalidateQueries({ queryKey: ['report-versions', body.month] });
    return report;
  };
}

/** The month of now, Beijing time. */
export const thisMonth = (): string => new Date(Date.now() + OFFSET_MS).toISOString().slice(0, 7);

/** A month so many before or after. @example monthFrom('2026-01', -1) // '2025-12' */
export function monthFrom(month: string, step: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number - 1 + step, 1)).toISOString().slice(0, 7);
}
