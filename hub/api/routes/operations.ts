/** For machines that watch the hub: alive, ready, metrics. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../platform/app-error.ts';
import type { HubClockState } from '../../hub-clock.ts';
import { nodeAccessVersion } from '../../storage/nodes.ts';
import type { ApiDeps } from '../deps.ts';

/** What is no reason to send traffic elsewhere and yet somebody should know. */
function notesOn({ held, aheadMs }: HubClockState): string[] {
  if (aheadMs === 0) return [];
  const step = `clock ${Math.abs(Math.round(aheadMs / 1000))} s ${aheadMs > 0 ? 'ahead' : 'behind'}`;
  return [held ? `${step}: nothing expires or is removed until it is confirmed` : step];
}

/** `/healthz`, `/readyz`, `/metrics`. */
export function operationRoutes(app: FastifyInstance, { metrics, unready, store, blobs, hubClock }: ApiDeps): void {
  const config = { access: 'public' as const };
  const schema = { tags: ['operations'] };
  app.get('/healthz', { config, schema: { ...schema, summary: 'The process is alive' } }, async () => ({
    status: 'ok',
  }));
  app.get(
    '/readyz',
    {
      config,
      schema: {
        ...schema,
        summary: 'Database and ingest are ready, and the data disk has room; 503 says why not',
      },
    },
    async () => {
      const why = unready();
      if (why !== null) throw new AppError('API_UNAVAILABLE', why);
      await nodeAccessVersion(store.db).catch((cause: unknown) => {
        throw new AppError('API_UNAVAILABLE', 'the database does not answer', { cause });
      });
      const { free, low } = await blobs.space().catch((cause: unknown) => {
        throw new AppError('API_UNAVAILABLE', 'the data disk does not answer', { cause });
      });
      if (low) throw new AppError('API_UNAVAILABLE', `the data disk is nearly full: ${free} bytes are free`);
      return { status: 'ready', notes: notesOn(hubClock.state()) };
    },
  );
  app.get('/metrics', { config, schema: { ...schema, summary: 'Prometheus metrics' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
