/** The monthly bulletin: read in four formats, its versions, its sign-off; and what was refused. */
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import {
  MONTH_PATTERN,
  MonthlyQuery,
  MonthlyReport,
  type ReportFormat,
  ReportVersions,
  reportFormats,
  SignBody,
} from '../../../contracts/api/report.ts';
import { Timestamp } from '../../../contracts/time.ts';
import { AppError } from '../../../platform/app-error.ts';
import { recordAudit } from '../../audit.ts';
import { reportCsv } from '../../reports/formats/csv.ts';
import { reportDocument } from '../../reports/formats/document.ts';
import { reportWorkbook } from '../../reports/formats/workbook.ts';
import { createMonthlyReports, withoutOperators } from '../../reports/monthly.ts';
import { listQuarantine } from '../../storage/quarantine.ts';
import { atLeast, authorOf, sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const MonthOnly = Type.Object({ month: Type.String({ pattern: MONTH_PATTERN }) }, { additionalProperties: false });
type MonthOnly = Static<typeof MonthOnly>;

const types: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

function formatOf(format = 'json'): ReportFormat {
  const known = reportFormats.find((candidate) => candidate === format);
  if (known) return known;
  throw new AppError('API_VALIDATION', `format ${format}`, {
    faults: [{ path: 'format', message: `expected one of ${reportFormats.join(', ')}` }],
  });
}

/** The document in a format other than JSON. */
async function written(report: MonthlyReport, format: Exclude<ReportFormat, 'json'>, lang: 'zh' | 'en') {
  if (format === 'csv') return reportCsv(report, lang);
  return format === 'xlsx' ? reportWorkbook(report, lang) : reportDocument(report, lang);
}

const Quarantined = Type.Array(
  Type.Object(
    {
      id: Type.Integer(),
      node: Type.String(),
      code: Type.String(),
      reason: Type.String(),
      bytes: Type.Integer(),
      receivedAt: Timestamp,
    },
    { additionalProperties: false },
  ),
);

function quarantineRoute(app: FastifyInstance, { store }: ApiDeps): void {
  app.get(
    '/quarantine',
    {
      config: { access: 'supervisor' },
      schema: {
        tags: ['reports'],
        summary: 'Messages that were refused, newest first, with the reason of each',
        response: { 200: Quarantined, default: Problem },
      },
    },
    async () => {
      const rows = await listQuarantine(store.db, 200);
      return rows.map(({ received_at, ...row }) => ({ ...row, receivedAt: received_at }));
    },
  );
}

const monthlySchema = {
  tags: ['reports'],
  summary: 'The monthly bulletin: every figure with its denominator, signed or as known now',
  description:
    'A month that a supervisor has signed answers as it was signed; `version=0` shows it as known now. What names operators is for supervisors. A kind without an entry in `observations` was not watched',
  querystring: MonthlyQuery,
  response: { 200: MonthlyReport, default: Problem },
};

/** `GET /quarantine`, `GET /reports/monthly`, its versions and its sign-off. */
export function reportRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, calendar, config } = deps;
  const utcOffsetMinutes = config.utcOffsetMinutes ?? 480;
  const reports = createMonthlyReports({
    ...{ store, clock, calendar, utcOffsetMinutes },
    ...{ scheme: config.limits?.scheme, settings: config.reports },
  });
  quarantineRoute(app, deps);
  app.get<{ Querystring: MonthlyQuery }>(
    '/reports/monthly',
    { config: { access: 'viewer' }, schema: monthlySchema },
    async (request, reply) => {
      const { month, version, lang } = request.query;
      const format = formatOf(request.query.format);
      const whole = await reports.read(month, version);
      const report = atLeast(sessionOf(request).user.role, 'supervisor') ? whole : withoutOperators(whole);
      if (format === 'json') return report;
      const exported = { action: 'export', thing: 'report', id: month, data: { format } } as const;
      await recordAudit(store, authorOf(request, clock), exported);
      const name = `kerbwatch-${month}-${report.signature ? `v${report.signature.version}` : 'provisional'}.${format}`;
      return reply
        .type(types[format])
        .header('content-disposition', `attachment; filename="${name}"`)
        .send(await written(report, format, lang === 'en' ? 'en' : 'zh'));
    },
  );
  app.get<{ Querystring: MonthOnly }>(
    '/reports/monthly/versions',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['reports'],
        summary: 'Who signed a month, when, and as which version',
        querystring: MonthOnly,
        response: { 200: ReportVersions, default: Problem },
      },
    },
    (request) => reports.versions(request.query.month),
  );
  app.post<{ Body: SignBody }>(
    '/reports/monthly/sign',
    {
      config: {
        ...{ access: 'supervisor' },
        trace: { action: 'change', thing: 'report', id: ({ body }) => (body as SignBody).month },
      },
      schema: {
        tags: ['reports'],
        summary: 'Signs a month that is over: its figures are frozen as the next version',
        body: SignBody,
        response: { 200: MonthlyReport, default: Problem },
      },
    },
    (request) => reports.sign(request.body, sessionOf(request).user),
  );
}
