/** The hub's clock after a step: its state, and a person's confirmation. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ClockView } from '../../../contracts/api/clock.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { timestamp } from '../../../platform/clock.ts';
import type { ApiDeps } from '../deps.ts';

const tags = ['operations'];

/** Routes under `/clock`. */
export function clockRoutes(app: FastifyInstance, { clock, hubClock }: ApiDeps): void {
  app.get(
    '/clock',
    {
      config: { access: 'viewer', scopes: true },
      schema: { tags, summary: 'Whether the hub’s clock is trusted', response: { 200: ClockView, default: Problem } },
    },
    async (): Promise<ClockView> => {
      const { held, aheadMs, leftMs } = hubClock.state();
      return {
        now: timestamp(clock.now()),
        held,
        aheadSeconds: Math.round(aheadMs / 1000),
        believedInSeconds: Math.ceil(leftMs / 1000),
      };
    },
  );
  app.post(
    '/clock/confirmation',
    {
      config: { access: 'admin', trace: { action: 'change', thing: 'clock' } },
      schema: {
        tags,
        summary: 'The clock is right now: what waited for it goes on',
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (_request, reply) => {
      await hubClock.confirm();
      return reply.code(204).send();
    },
  );
}
