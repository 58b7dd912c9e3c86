/** Open311 GeoReport v2, read by anybody: what we watch, and confirmed cases as service requests. Nothing unconfirmed leaves. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { OBSERVED_AT, TICKET } from '../../../contracts/api/citizen-report.ts';
import {
  Open311Any,
  Open311Definition,
  Open311Errors,
  Open311Query,
  Open311Request,
  Open311Service,
} from '../../../contracts/api/open311.ts';
import { violationKinds, violations } from '../../../contracts/violations/index.ts';
import { AppError } from '../../../platform/app-error.ts';
import type { ApiDeps } from '../deps.ts';
import { listRequests } from '../open311-requests.ts';
import { problemOf, toAppError } from '../problem.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { open311ReportRoute } from './open311-report.ts';

const RequestId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const ServiceCode = Type.Object(
  { code: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
);
const tags = ['open311'];
/** Lists of requests that one address may ask for, a minute: anybody can, and each reads the database. */
const READS_BY_ADDRESS = 120;

/** What every service asks beside GeoReport's own fields. */
const attributes = [
  { code: OBSERVED_AT, datatype: 'datetime', description: '发现时间 / when it was seen (unset: now)' },
  {
    code: TICKET,
    datatype: 'string',
    description: '来源单号 / number at the source; the same again is not taken twice',
  },
].map((attribute, i) => ({
  ...attribute,
  ...{ variable: true, required: false, datatype_description: null, order: i + 1 },
}));

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
export async function open311Routes(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  answerInOpen311(app);

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
        metadata: true,
        type: 'realtime',
        keywords: kind.replace('-', ','),
        group: 'kerb',
      })),
  );

  app.get<{ Params: { code: string } }>(
    '/open311/v2/services/:code.json',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'GeoReport v2 service definition',
        params: ServiceCode,
        querystring: Open311Any,
        response: { 200: Open311Definition, default: Open311Errors },
      },
    },
    async (request) => {
      const { code } = request.params;
      if (!violationKinds.some((kind) => kind === code)) throw new AppError('API_NOT_FOUND', `service ${code}`);
      return { service_code: code, attributes };
    },
  );

  requestRoutes(app, deps);
  open311ReportRoute(app, deps);
}

function requestRoutes(app: FastifyInstance, { store, config, clock }: ApiDeps): void {
  const asker = () => ({ now: clock.now(), agency: config.notices?.issuer ?? '城市管理局' });
  const reads = createRateLimiter(READS_BY_ADDRESS);

  app.get<{ Querystring: Open311Query }>(
    '/open311/v2/requests.json',
    {
      config: { access: 'public' },
      schema: {
        tags,
        summary: 'GeoReport v2 requests: confirmed cases of 90 days, newest first',
        querystring: Open311Query,
        response: { 200: Type.Array(Open311Request), default: Open311Errors },
      },
    },
    async (request) => {
      reads.take(request.ip);
      return listRequests(store, request.query, asker());
    },
  );

  app.get<{ Params: { id: string } }>(
    '/open311/v2/requests/:id.json',
    {
      config: { access: 'public' },
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
      reads.take(request.ip);
      if (id.includes(',')) throw new AppError('API_NOT_FOUND', `request ${id}`);
      const found = await listRequests(store, { service_request_id: id }, asker());
      if (found.length === 0) throw new AppError('API_NOT_FOUND', `request ${id}`);
      return found;
    },
  );
}
