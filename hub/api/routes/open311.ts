/** The read face of Open311 GeoReport v2: what we watch, and confirmed cases as service requests. Nothing unconfirmed leaves. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  Open311Any,
  Open311Errors,
  Open311Query,
  Open311Request,
  Open311Service,
} from '../../../contracts/api/open311.ts';
import { violationKinds, violations } from '../../../contracts/violations/index.ts';
import { AppError } from '../../../platform/app-error.ts';
import { reachOfRequest } from '../confinement.ts';
import type { ApiDeps } from '../deps.ts';
import { listRequests } from '../open311-requests.ts';
import { problemOf, toAppError } from '../problem.ts';

const RequestId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const tags = ['open311'];

/** Errors as GeoReport v2 has them: a list of code and description. */
function answerInOpen311(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const known = toAppError(error);
    const { status, title, titleZh, detail } = problemOf(known, request.id);
    if (status >= 500) request.log.error({ err: error, code: known.code }, 'request failed');
    const faults = known.faults.map(({ path, message }) => `${path}: ${message}`);
    const lines = faults.length > 0 ? faults : [`${titleZh} / ${status < 500 && detail ? detail : title}`];
    const errors: Open311Errors = lines.map((description) => ({ code: status, description }));
    return reply.code(status).type('application/json').send(errors);
  });
}

/** Routes under `/open311/v2`, with errors of their own form. */
export async function open311Routes(app: FastifyInstance, { store, config, clock }: ApiDeps): Promise<void> {
  answerInOpen311(app);
  const asker = (request: FastifyRequest) => ({
    ...{ now: clock.now(), agency: config.notices?.issuer ?? '城市管理局' },
    reach: reachOfRequest(request),
  });

  app.get(
    '/open311/v2/services.json',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'GeoReport v2 services',
        querystring: Open311Any,
        response: { 200: Type.Array(Open311Service), default: Open311Errors },
      },
    },
    async () =>
      violationKinds.map((kind) => ({
        service_code: kind,
        service_name: violations[kind].title.en,
        description: `${violations[kind].title.zh}: ${violations[kind].summary.en}`,
        metadata: false,
        type: 'realtime',
        keywords: kind.replace('-', ','),
        group: 'kerb',
      })),
  );

  app.get<{ Querystring: Open311Query }>(
    '/open311/v2/requests.json',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags,
        summary: 'GeoReport v2 requests: confirmed cases of 90 days, newest first',
        querystring: Open311Query,
        response: { 200: Type.Array(Open311Request), default: Open311Errors },
      },
    },
    (request) => listRequests(store, request.query, asker(request)),
  );

  app.get<{ Params: { id: string } }>(
    '/open311/v2/requests/:id.json',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags,
        summary: 'GeoReport v2 request: one confirmed case, as a list of one',
        params: RequestId,
        querystring: Open311Any,
        response: { 200: Type.Array(Open311Request), default: Open311Errors },
      },
    },
    async (request) => {
      const { id } = request.params;
      if (id.includes(',')) throw new AppError('API_NOT_FOUND', `request ${id}`);
      const found = await listRequests(store, { service_request_id: id }, asker(request));
      if (found.length === 0) throw new AppError('API_NOT_FOUND', `request ${id}`);
      return found;
    },
  );
}
