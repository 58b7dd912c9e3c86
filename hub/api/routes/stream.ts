/** Server-sent events: what changed, at once. A reader that cannot keep up is closed and reloads. */
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { ApiDeps } from '../deps.ts';

const HEARTBEAT_MS = 15_000;
/** More than this waiting for one reader means that it has stopped reading. */
const MAX_BUFFERED = 1 << 20;

export function streamRoutes(app: FastifyInstance, { changes }: ApiDeps): void {
  const open = new Set<() => void>();
  app.addHook('preClose', async () => {
    for (const close of open) close();
  });
  app.get(
    '/stream',
    {
      config: { access: 'viewer' },
      schema: { tags: ['cases'], summary: 'Changes as server-sent events (StreamMessage)' },
    },
    (request, reply) => {
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.write('retry: 2000\n\n: open\n\n');
      const unsubscribe = changes.subscribe((message) => {
        if (raw.writableLength > MAX_BUFFERED) raw.destroy();
        else raw.write(`data: ${JSON.stringify(message)}\n\n`);
      });
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
      const close = () => raw.end();
      open.add(close);
      request.raw.once('close', () => {
        open.delete(close);
        clearInterval(heartbeat);
        unsubscribe();
      });
    },
  );
}
