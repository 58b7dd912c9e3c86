/** `/notices/{id}/correction-order`: written by operators, approved and served by supervisors; no route sends it. */
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  CorrectionOrderCommand,
  CorrectionOrderFields,
  CorrectionOrderView,
} from '../../../contracts/api/correction-order.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { AppError } from '../../../platform/app-error.ts';
import type { CorrectionOrders } from '../../notices/correction-orders.ts';
import { sessionOf } from '../access.ts';
import type { Trace } from '../traces.ts';

const NoticeParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const Lang = Type.Object(
  { lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')])) },
  { additionalProperties: false },
);
type ById = { Params: { id: string } };
const tags = ['notices'];
const order = () => ({ order: true });
const viewed: Trace = { action: 'view', thing: 'notice', data: order };
const changed: Trace = { action: 'change', thing: 'notice', data: order };
const response = { 200: CorrectionOrderView, default: Problem };

/** The version that was looked at. @throws API_PRECONDITION, API_VALIDATION */
function versionOf(request: FastifyRequest): number {
  const header = request.headers['if-match'];
  if (header === undefined) throw new AppError('API_PRECONDITION', 'If-Match');
  if (!/^[1-9]\d{0,8}$/.test(header)) throw new AppError('API_VALIDATION', 'If-Match', { faults: [badVersion] });
  return Number(header);
}
const badVersion = { path: 'If-Match', message: 'expected the version of the order, a whole number' };
const nameOf = (request: FastifyRequest) => sessionOf(request).user.name;

/** Read, draft, write, and the steps of people. */
export function correctionOrderRoutes(app: FastifyInstance, orders: CorrectionOrders): void {
  const url = '/notices/:id/correction-order';
  const schemaOf = (summary: string) => ({ tags, summary, params: NoticeParams, response });

  app.get<ById>(
    url,
    {
      config: { access: 'operator', scopes: 'notice', trace: viewed },
      schema: schemaOf('The correction order of a notice'),
    },
    (request) => orders.get(request.params.id),
  );
  app.post<ById>(
    url,
    {
      config: { access: 'operator', scopes: 'notice' },
      schema: schemaOf('Draft a correction order; software never sends it'),
    },
    (request) => orders.draft(request.params.id, nameOf(request)),
  );
  app.put<ById & { Body: CorrectionOrderFields }>(
    url,
    {
      config: { access: 'operator', scopes: 'notice', trace: changed },
      schema: { ...schemaOf('Fill in the draft (If-Match: its version)'), body: CorrectionOrderFields },
    },
    (request) => orders.write(request.params.id, request.body, versionOf(request), nameOf(request)),
  );
  app.post<ById & { Body: CorrectionOrderCommand }>(
    `${url}/commands`,
    {
      config: { access: 'supervisor', scopes: 'notice', trace: changed },
      schema: {
        ...schemaOf('Approve, record as served, or cancel (If-Match: its version)'),
        body: CorrectionOrderCommand,
      },
    },
    (request) => orders.give(request.params.id, request.body, versionOf(request), nameOf(request)),
  );
  app.get<ById & { Querystring: Static<typeof Lang> }>(
    `${url}.pdf`,
    {
      config: { access: 'operator', scopes: 'notice', trace: viewed },
      schema: {
        tags,
        summary: 'The order as a PDF, to be signed and sealed',
        params: NoticeParams,
        querystring: Lang,
        response: { default: Problem },
      },
    },
    async (request, reply) => {
      const { name, pdf } = await orders.pdf(request.params.id, request.query.lang);
      const disposition = `inline; filename="${name}-order.pdf"`;
      return reply.headers({ 'content-type': 'application/pdf', 'content-disposition': disposition }).send(pdf);
    },
  );
}
