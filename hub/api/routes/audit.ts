/** The audit log, for administrators: who changed, viewed, exported or deleted what; and whether its chain holds. */
import type { FastifyInstance } from 'fastify';
import { AuditCheck, AuditPage, AuditQuery } from '../../../contracts/api/audit.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { checkAudit, readAudit } from '../../audit.ts';
import type { ApiDeps } from '../deps.ts';

const tags = ['audit'];

/** `GET /audit` and `GET /audit/check`. */
export function auditRoutes(app: FastifyInstance, { store }: ApiDeps): void {
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
    (request) => readAudit(store, request.query),
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
    () => checkAudit(store),
  );
}
