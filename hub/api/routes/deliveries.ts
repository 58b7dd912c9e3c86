/** How notices went: for operators by notice, for supervisors what is tried no more. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { DeadLetter, DeliveryCommand, NoticeDelivery } from '../../../contracts/api/delivery.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { createDeadLetters } from '../../notices/dead-letters.ts';
import { sessionOf } from '../access.ts';
import { reachOfRequest } from '../confinement.ts';
import type { ApiDeps } from '../deps.ts';
import type { Trace } from '../traces.ts';

const NoticeParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const DeliveryParams = Type.Object(
  { ...NoticeParams.properties, channel: Type.String({ pattern: '^[a-z][a-z0-9-]{0,31}(\\+(before|limit))?$' }) },
  { additionalProperties: false },
);
const tags = ['notices'];
const settled: Trace = {
  ...{ action: 'change', thing: 'notice' },
  data: ({ body }) => ({ command: (body as DeliveryCommand).command }),
};

/** `/notices/{id}/deliveries` and `/dead-letters`. */
export function deliveryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const letters = createDeadLetters(deps);

  app.get<{ Params: { id: string } }>(
    '/notices/:id/deliveries',
    {
      config: { access: 'operator', scopes: 'notice' },
      schema: {
        tags,
        summary: 'How a notice went, channel by channel',
        params: NoticeParams,
        response: { 200: Type.Array(NoticeDelivery), default: Problem },
      },
    },
    (request) => letters.ofNotice(request.params.id),
  );

  app.get(
    '/dead-letters',
    {
      config: { access: 'supervisor', scopes: true },
      schema: {
        tags,
        summary: 'Deliveries that are tried no more and wait for a person, the latest first',
        response: { 200: Type.Array(DeadLetter), default: Problem },
      },
    },
    (request) => letters.list(reachOfRequest(request)),
  );

  app.post<{ Params: { id: string; channel: string }; Body: DeliveryCommand }>(
    '/notices/:id/deliveries/:channel',
    {
      config: { access: 'supervisor', scopes: 'notice', trace: settled },
      schema: {
        tags,
        summary: 'Have a dead letter tried again, or give it up',
        params: DeliveryParams,
        body: DeliveryCommand,
        response: { 200: NoticeDelivery, default: Problem },
      },
    },
    (request) => {
      const { id, channel } = request.params;
      return letters.settle(id, channel, request.body, sessionOf(request).user.name);
    },
  );
}
