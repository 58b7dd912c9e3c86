/** The month in figures; the signed bulletin with its tables and documents comes later and says so. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { statisticsOf } from '../../../contracts/observations.ts';
import { Timestamp } from '../../../contracts/time.ts';
import { AppError } from '../../../platform/app-error.ts';
import { timestamp } from '../../../platform/clock.ts';
import { type KindHours, observationHoursOf } from '../../storage/observation-hours.ts';
import { listQuarantine } from '../../storage/quarantine.ts';
import { countCasesOpened } from '../../storage/reports.ts';
import type { ApiDeps } from '../deps.ts';

/** What is made; the workbook and the document are promised and answered as not there yet. */
const formats = ['json', 'csv'] as const;
const promised = ['xlsx', 'pdf'];
const MonthQuery = Type.Object(
  {
    month: Type.String({ pattern: '^[12]\\d{3}-(0[1-9]|1[0-2])$', description: 'Local month, YYYY-MM' }),
    format: Type.Optional(Type.String({ enum: [...formats], default: 'json' })),
  },
  { additionalProperties: false },
);
type MonthQuery = { month: string; format?: string };

function formatOf(format: string): (typeof formats)[number] {
  const known = formats.find((candidate) => candidate === format);
  if (known) return known;
  if (promised.includes(format)) throw new AppError('API_FORMAT', format);
  throw new AppError('API_VALIDATION', `format ${format}`, {
    faults: [{ path: 'format', message: `expected one of ${formats.join(', ')}` }],
  });
}

/** Local month as UTC instants. */
function monthRange(month: string, utcOffsetMinutes: number): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const start = (monthIndex: number) => timestamp(Date.UTC(year, monthIndex, 1) - utcOffsetMinutes * 60_000);
  return { from: start(number - 1), to: start(number) };
}

/** What a kind's rules counted; `value` null = nothing that a largest value could be of. */
function observed({ kind, hours, watchedSeconds, statistics }: KindHours) {
  const known = Object.entries(statisticsOf(kind) ?? {});
  return {
    ...{ kind, hours, watchedSeconds },
    statistics: known.map(([name, { title, fold }]) => {
      const counted = statistics.find((one) => one.name === name);
      const value = fold === 'sum' ? (counted?.sum ?? 0) : (counted?.max ?? null);
      return { name, title, fold, value };
    }),
  };
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

/** `GET /quarantine` and `GET /reports/monthly`. */
export function reportRoutes(app: FastifyInstance, { store, config }: ApiDeps): void {
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
  app.get<{ Querystring: MonthQuery }>(
    '/reports/monthly',
    {
      config: { access: 'viewer' },
      schema: {
        tags: ['reports'],
        summary: 'Cases opened in a month by kind, state and camera',
        description:
          'JSON has beside them what rules counted in the month, by kind, with the time that zones were watched: a kind without an entry was not watched',
        querystring: MonthQuery,
        response: { default: Problem },
      },
    },
    async (request, reply) => {
      const { month } = request.query;
      const format = formatOf(request.query.format ?? 'json');
      const { from, to } = monthRange(month, config.utcOffsetMinutes ?? 480);
      const rows = await countCasesOpened(store.db, from, to);
      if (format === 'json') {
        const observations = (await observationHoursOf(store, from, to)).map(observed);
        return { month, from, to, rows, observations };
      }
      const lines = rows.map((row) => [row.kind, row.state, row.camera, row.cases].join(','));
      return reply.type('text/csv; charset=utf-8').send(`\uFEFFkind,state,camera,cases\r\n${lines.join('\r\n')}\r\n`);
    },
  );
}
