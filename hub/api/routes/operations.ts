/** For machines that watch the hub: alive, ready, metrics. */
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../platform/app-error.ts';
import type { ApiDeps } from '../deps.ts';

export function operationRoutes(app: FastifyInstance, { metrics, ready, store }: ApiDeps): void {
  const config = { access: 'public' as const };
  const schema = { tags: ['operations'] };
  app.get('/healthz', { config, schema: { ...schema, summary: 'The process is alive' } }, async () => ({
    status: 'ok',
  }));
  app.get('/readyz', { config, schema: { ...schema, summary: 'Database and ingest are ready' } }, async () => {
    if (!ready()) throw new AppError('API_UNAVAILABLE', 'starting or stopping');
    await store.db
      .selectFrom('nodes')
      .select('id')
      .limit(1)
      .execute()
      .catch((cause: unknown) => {
        throw new AppError('API_UNAVAILABLE', 'the database does not answer', { cause });
      });
    return { status: 'ready' };
  });
  app.get('/metrics', { config, schema: { ...schema, summary: 'Prometheus metrics' } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.metrics()),
  );
}
