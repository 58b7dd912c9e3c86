/** Registers out and in as CSV and XLSX: exports for supervisors, imports looked at first and then applied. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ImportQuery, ImportResult, SheetKind, sheetKinds } from '../../../contracts/api/import.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { AppError } from '../../../platform/app-error.ts';
import { exportSheet } from '../../registry/sheets/export.ts';
import { importSheet } from '../../registry/sheets/import.ts';
import { sheetTables } from '../../registry/sheets/tables.ts';
import { atLeast, authorOf, sessionOf } from '../access.ts';
import { reachOfRequest } from '../confinement.ts';
import type { ApiDeps } from '../deps.ts';

const MAX_BYTES = 8 * 1024 * 1024;
const MIME = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const;
const What = Type.Object({ what: SheetKind }, { additionalProperties: false });
const tags = ['registry'];

function exportRoutes(app: FastifyInstance, { store, clock }: ApiDeps): void {
  for (const what of sheetKinds)
    for (const format of ['csv', 'xlsx'] as const)
      app.get(
        `/${what}.${format}`,
        {
          config: {
            ...{ access: 'supervisor', approval: { action: 'export', thing: sheetTables[what].kind.thing } },
            // Carriers belong to no place.
            ...(what === 'carriers' ? {} : { scopes: true as const }),
          },
          schema: { tags, summary: `All ${what} as ${format.toUpperCase()}; an export is in the audit log` },
        },
        async (request, reply) =>
          reply
            .headers({
              'content-type': MIME[format],
              'content-disposition': `attachment; filename="kerbwatch-${what}.${format}"`,
              'cache-control': 'private, no-store',
            })
            .send(await exportSheet(store, what, format, authorOf(request, clock), reachOfRequest(request))),
      );
}

/** `GET /permits.csv` and the like, `POST /imports/{what}`. */
export function sheetRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock } = deps;
  exportRoutes(app, deps);
  app.register(async (upload) => {
    // A file is what its content says; browsers name CSV in many ways.
    upload.removeAllContentTypeParsers();
    upload.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    upload.post<{ Params: { what: SheetKind }; Querystring: ImportQuery; Body: unknown }>(
      '/imports/:what',
      {
        config: { access: 'supervisor' },
        bodyLimit: MAX_BYTES,
        schema: {
          tags,
          summary: 'Import a register from a CSV or XLSX file: every fault by row and column, or written in one go',
          params: What,
          querystring: ImportQuery,
          response: { 200: ImportResult, default: Problem },
        },
      },
      async (request) => {
        const { what } = request.params;
        // As with one camera: they are set up by administrators.
        if (what === 'cameras' && !atLeast(sessionOf(request).user.role, 'admin'))
          throw new AppError('API_FORBIDDEN', 'needs the role admin');
        const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        return importSheet(store, what, bytes, request.query, authorOf(request, clock));
      },
    );
  });
}
