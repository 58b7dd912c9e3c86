/** `/api-keys`: keys of systems that hand in reports, for administrators; and whom to call about a report. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ApiKeyBody, ApiKeyMade, ApiKeyView } from '../../../contracts/api/api-key.ts';
import { ReportContact } from '../../../contracts/api/citizen-report.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { readContact } from '../../intake/contacts.ts';
import { createApiKey, endApiKey, listApiKeys } from '../../intake/keys.ts';
import { authorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const Id = Type.String({ minLength: 1, maxLength: 64 });
const KeyParams = Type.Object({ id: Id }, { additionalProperties: false });
const ReportParams = Type.Object({ id: Id, report: Id }, { additionalProperties: false });

function contactRoute(app: FastifyInstance, { store, clock }: ApiDeps): void {
  app.get<{ Params: { id: string; report: string } }>(
    '/cases/:id/reports/:report/contact',
    {
      config: { access: 'operator', scopes: 'case' },
      schema: {
        tags: ['cases'],
        summary: 'Whom to call about a report; every look is in the audit log',
        params: ReportParams,
        response: { 200: ReportContact, default: Problem },
      },
    },
    (request) => readContact(store, request.params.id, request.params.report, authorOf(request, clock)),
  );
}

/** `/api-keys` and `/cases/{id}/reports/{report}/contact`. */
export function apiKeyRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock } = deps;
  const config = { access: 'admin' as const };
  const tags = ['doors'];

  app.get(
    '/api-keys',
    { config, schema: { tags, summary: 'All API keys', response: { 200: Type.Array(ApiKeyView), default: Problem } } },
    () => listApiKeys(store),
  );

  app.post<{ Body: ApiKeyBody }>(
    '/api-keys',
    {
      config,
      schema: {
        tags,
        summary: 'Make an API key; the answer alone says it',
        body: ApiKeyBody,
        response: { 201: ApiKeyMade, default: Problem },
      },
    },
    async (request, reply) => reply.code(201).send(await createApiKey(store, request.body, authorOf(request, clock))),
  );

  app.delete<{ Params: { id: string } }>(
    '/api-keys/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Revoke an API key; reports that came by it stay',
        params: KeyParams,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await endApiKey(store, request.params.id, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
  contactRoute(app, deps);
}
