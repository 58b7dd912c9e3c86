/** Server-sent events: what changed, at once. A reader that cannot keep up is closed and reloads. */
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { StreamMessage } from '../../../contracts/api/stream.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import type { Actor } from '../../cases/lifecycle/facts.ts';
import { isWithin } from '../../cases/scope.ts';
import { actorOf, COOKIE, sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import type { OpenStreams } from '../open-streams.ts';

const HEARTBEAT_MS = 15_000;
/** More than this waiting for one reader means that it has stopped reading. */
const MAX_BUFFERED = 1 << 20;

/** A unit hears of its own cases, and when one is its own no more. */
function concerns(message: StreamMessage, actor: Actor): boolean {
  if (message.type === 'left') return actor.role === 'unit' && message.unit === actor.unit;
  if (actor.role !== 'unit') return true;
  return message.type === 'case' && isWithin({ unit: message.case.unit ?? null }, actor);
}

/** `GET /stream`; every stream ends when the API closes. */
export function streamRoutes(app: FastifyInstance, { changes }: ApiDeps, streams: OpenStreams): void {
  app.addHook('preClose', async () => streams.closeAll());
  app.get(
    '/stream',
    {
      // A stream has no end, so there is nothing to say of it beforehand.
      exposeHeadRoute: false,
      config: { access: 'viewer', units: true },
      schema: { tags: ['cases'], summary: 'Changes as server-sent events (StreamMessage)' },
    },
    (request, reply) => {
      const { raw } = reply;
      const { user } = sessionOf(request);
      const forget = streams.add({
        user: user.name,
        session: sha256Hex(request.cookies[COOKIE] ?? ''),
        rights: user,
        close: () => raw.end(),
      });
      reply.hijack();
      raw.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.write('retry: 2000\n\n: open\n\n');
      const actor = actorOf(request);
      const unsubscribe = changes.subscribe((message) => {
        if (!concerns(message, actor)) return;
        if (raw.writableLength > MAX_BUFFERED) raw.destroy();
        else raw.write(`data: ${JSON.stringify(message)}\n\n`);
      });
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
      request.raw.once('close', () => {
        forget();
        clearInterval(heartbeat);
        unsubscribe();
      });
    },
  );
}
