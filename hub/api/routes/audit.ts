/** The audit log: who changed, viewed, exported or deleted what, for administrators; of one case, for supervisors. */
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { AuditCheck, AuditPage, AuditQuery } from '../../../contracts/api/audit.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { checkAudit, readAudit } from '../../audit.ts';
import { auditCsv } from '../../audit-csv.ts';
import type { ApiDeps } from '../deps.ts';

const tags = ['audit'];
const CaseId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const PageOnly = Type.Pick(AuditQuery, ['before', 'limit'], { additionalProperties: false });
const Filters = Type.Omit(AuditQuery, ['before', 'limit'], { additionalProperties: false });

function csvRoute(app: FastifyInstance, { store, auditQueue }: ApiDeps): void {
  app.get<{ Querystring: AuditQuery }>(
    '/audit.csv',
    {
      config: { access: 'admin', trace: { action: 'export', thing: 'audit' } },
      schema: { tags, summary: 'What the filters leave of the log, as CSV', querystring: Filters },
    },
    async (request, reply) => {
      await auditQueue.flush();
      return reply
        .headers({
          'content-type': 'text/csv; charset=utf-8',
          'content-disposition': 'attachment; filename="kerbwatch-audit.csv"',
          'cache-control': 'private, no-store',
        })
        .send(Readable.from(auditCsv(store, request.query)));
    },
  );
}

/** `GET /audit`, `/audit.csv`, `/audit/check` and `/cases/{id}/audit`: each writes what waits before it reads. */
export function auditRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, auditQueue } = deps;
  csvRoute(app, deps);
  app.get<{ Querystring: AuditQuery }>(
    '/audit',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Who changed, viewed, exported or deleted what, the latest first',
        querystring: AuditQuery,
        response: { 200: AuditPage, default: Problem },
      },
    },
    async (request) => {
      await auditQueue.flush();
      return readAudit(store, request.query);
    },
  );
  app.get<{ Params: { id: string }; Querystring: AuditQuery }>(
    '/cases/:id/audit',
    {
      config: { access: 'supervisor', scopes: 'case' },
      schema: {
        tags,
        summary: 'Who looked at a case, its pictures and its notices, or changed them, the latest first',
        params: CaseId,
        querystring: PageOnly,
        response: { 200: AuditPage, default: Problem },
      },
    },
    async (request) => {
      await auditQueue.flush();
      return readAudit(store, request.query, request.params.id);
    },
  );
  app.get(
    '/audit/check',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Reads the whole chain of hashes again',
        response: { 200: AuditCheck, default: Problem },
      },
    },
    async () => {
      await auditQueue.flush();
      return checkAudit(store);
    },
  );
}
