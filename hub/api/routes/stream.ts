/** Server-sent events: what changed, at once. A reader that cannot keep up is closed and reloads. */
import type {} from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import type { StreamMessage } from '../../../contracts/api/stream.ts';
import { sha256Hex } from '../../../platform/canonical.ts';
import type { Actor } from '../../cases/lifecycle/facts.ts';
import { isWithin, reachOf } from '../../storage/reach.ts';
import type { Store } from '../../storage/store.ts';
import { actorOf, COOKIE, sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import type { OpenStreams } from '../open-streams.ts';

const HEARTBEAT_MS = 15_000;
/** More than this waiting for one reader means that it has stopped reading. */
const MAX_BUFFERED = 1 << 20;

/** A confined user hears of what is within reach and of nothing else; a unit of its cases alone, and when one is its own no more. */
async function concerns({ db }: Pick<Store, 'db'>, message: StreamMessage, actor: Actor): Promise<boolean> {
  const reach = reachOf(actor);
  if (message.type === 'left') return actor.role === 'unit' && message.unit === actor.unit;
  if (message.type === 'case') return isWithin(db, reach, 'case', message.case.id);
  return message.type === 'notice' && actor.role !== 'unit' && isWithin(db, reach, 'case', message.case);
}

/** Asks for each message in its turn, so that none overtakes another. @returns what takes the next message */
function confinedListener(
  store: Pick<Store, 'db'>,
  actor: Actor,
  send: (message: StreamMessage) => void,
  fail: () => void,
): (message: StreamMessage) => void {
  // The office loads a case anew by its own message.
  if (reachOf(actor) === null) return (message) => message.type !== 'left' && send(message);
  let last: Promise<void> = Promise.resolve();
  return (message) => {
    last = last
      .then(async () => {
        if (await concerns(store, message, actor)) send(message);
      })
      .catch(fail);
  };
}

const blocks = new WeakMap<StreamMessage, string>();

/** The message as it goes out, written once for all who listen. */
function blockOf(message: StreamMessage): string {
  const known = blocks.get(message);
  if (known !== undefined) return known;
  const block = `data: ${JSON.stringify(message)}\n\n`;
  blocks.set(message, block);
  return block;
}

/** `GET /stream`; every stream ends when the API closes. */
export function streamRoutes(app: FastifyInstance, { changes, store }: ApiDeps, streams: OpenStreams): void {
  app.addHook('preClose', async () => streams.closeAll());
  app.get(
    '/stream',
    {
      // A stream has no end, so there is nothing to say of it beforehand.
      exposeHeadRoute: false,
      config: { access: 'viewer', units: true, scopes: true },
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
      const send = (message: StreamMessage) => {
        if (raw.writableLength > MAX_BUFFERED) raw.destroy();
        else raw.write(blockOf(message));
      };
      // Who missed one reloads, as after any break.
      const unsubscribe = changes.subscribe(confinedListener(store, actor, send, () => raw.destroy()));
      const heartbeat = setInterval(() => raw.write(': still here\n\n'), HEARTBEAT_MS);
      request.raw.once('close', () => {
        forget();
        clearInterval(heartbeat);
        unsubscribe();
      });
    },
  );
}
