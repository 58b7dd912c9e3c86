/** The hub's HTTP face: a fastify application made of its parts, started elsewhere. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import compress, { type FastifyCompressOptions } from '@fastify/compress';
import cookie from '@fastify/cookie';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyContextConfig,
  type FastifyInstance,
  LogController,
} from 'fastify';
import { packageRoot } from '../../platform/paths.ts';
import { createNoticeCommands } from '../notices/commands.ts';
import { createCorrectionOrders } from '../notices/correction-orders.ts';
import { createSiteLadders } from '../notices/ladder.ts';
import { createNoticePrinter } from '../notices/printing.ts';
import { createNoticeReads } from '../notices/reads.ts';
import { type Access, guardAccess } from './access.ts';
import { guardScopes } from './confinement.ts';
import type { ApiDeps } from './deps.ts';
import { renderDocs } from './docs-page.ts';
import { createKeyCheck } from './key-check.ts';
import { createOpenStreams } from './open-streams.ts';
import { sendProblem } from './problem.ts';
import { apiKeyRoutes } from './routes/api-keys.ts';
import { approvalRoutes } from './routes/approvals.ts';
import { auditRoutes } from './routes/audit.ts';
import { calendarRoutes } from './routes/calendar.ts';
import { caseRoutes } from './routes/cases.ts';
import { clockRoutes } from './routes/clock.ts';
import { consoleRoutes } from './routes/console.ts';
import { correctionOrderRoutes } from './routes/correction-orders.ts';
import { deliveryRoutes } from './routes/deliveries.ts';
import { evidenceRoutes } from './routes/evidence.ts';
import { ladderRoutes } from './routes/ladder.ts';
import { limitRoutes } from './routes/limits.ts';
import { memoryRoutes } from './routes/memory.ts';
import { noticePages } from './routes/notice-page.ts';
import { noticeRoutes } from './routes/notices.ts';
import { oidcRoutes } from './routes/oidc.ts';
import { open311Routes } from './routes/open311.ts';
import { operationRoutes } from './routes/operations.ts';
import { registryRoutes } from './routes/registry.ts';
import { reportRoutes } from './routes/reports.ts';
import { sessionRoutes } from './routes/session.ts';
import { sheetRoutes } from './routes/sheets.ts';
import { streamRoutes } from './routes/stream.ts';
import { trustRoutes } from './routes/trust.ts';
import { unitRoutes } from './routes/units.ts';
import { verdictRoutes } from './routes/verdicts.ts';
import { webhookRoutes } from './routes/webhooks.ts';
import { isSecure } from './secure.ts';
import { guardTraces } from './traces.ts';
import { trustedProxies } from './trusted-proxies.ts';
import { refuseInexactBodies, refuseLooseQueries, validatorCompiler } from './validator.ts';

const BODY_LIMIT = 1024 * 1024;
const DAY = 86_400_000;
/** A connection on which nothing moves is closed: anybody could open all that the system has. Event streams send a heartbeat more often. */
const IDLE_MS = 120_000;
/** The largest file over a slow line; what is cut off is resumed. */
const REQUEST_MS = 3_600_000;

const securityHeaders = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  // Ant Design writes its styles into the page; scripts come from our own files only.
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
} as const;

/** A year: a browser that has seen the hub by https comes by nothing else. */
const HSTS = 'max-age=31536000';

function packageVersion(): string {
  return (JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string }).version;
}

function accessOf({ access, units, scopes }: FastifyContextConfig) {
  const bySession = access !== 'public' && access !== 'node' && access !== 'key';
  const security = access === 'public' ? [] : [bySession ? { session: [] } : { [access]: [] }];
  const confined = scopes === true ? 'confined' : (scopes ?? 'refused');
  return {
    security,
    'x-access': units ? `${access}, unit` : access,
    // What a user confined to districts, sites or units gets: only what is within, one thing if it is within, nothing.
    ...(bySession ? { 'x-scope': confined } : {}),
  };
}

/**
 * Lists are mostly names that repeat: gzip (RFC 1952) makes a tenth of them at a low level. Secrets stand in short
 * answers of their own, below the threshold, and never beside what a stranger chose.
 */
const packing: FastifyCompressOptions = { encodings: ['gzip'], threshold: 1400, zlibOptions: { level: 2 } };

const isPlainHead = (route: { method: string | string[]; config?: { access?: Access } }) =>
  String(route.method) === 'HEAD' && route.config?.access !== 'node';

async function describe(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Kerbwatch hub',
        version: packageVersion(),
        description: 'Cases, evidence, registry and notices. Errors are RFC 9457 problem details.',
      },
      components: {
        securitySchemes: {
          session: { type: 'apiKey', in: 'cookie', name: 'kerbwatch' },
          node: { type: 'http', scheme: 'basic' },
          key: { type: 'http', scheme: 'bearer' },
        },
      },
    },
    refResolver: { buildLocalReference: (json, _base, _fragment, i) => String(json.$id ?? `schema-${i}`) },
    exposeHeadRoutes: true,
    // Fastify answers HEAD wherever GET is; only the one with a meaning of its own is described.
    transform: ({ schema, url, route }) => ({
      schema: { ...schema, ...accessOf(route.config ?? {}), hide: schema?.hide || isPlainHead(route) },
      url,
    }),
  });
  const config = { access: 'public' as const };
  app.get('/openapi.json', { config, schema: { hide: true } }, async () => app.swagger());
  app.get('/docs', { config, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').send(renderDocs(app.swagger() as never)),
  );
}

/** Every route with its checks; the caller listens and closes. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const { clock, store, changes, blobs, config } = deps;
  const app = Fastify({
    loggerInstance: deps.log as unknown as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    trustProxy: trustedProxies(config.http?.trustProxy),
    ...(deps.tls ? { https: { ...deps.tls } } : {}),
    bodyLimit: BODY_LIMIT,
    connectionTimeout: deps.idleMs ?? IDLE_MS,
    requestTimeout: REQUEST_MS,
    genReqId: () => randomUUID(),
    forceCloseConnections: true,
    // An address that cannot be decoded never reaches a route; it is refused in our words all the same.
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    routerOptions: { maxParamLength: 200 },
  });
  app.setValidatorCompiler(validatorCompiler as never);
  // Responses are typed by the compiler and checked by tests; a serializer that drops what it does not know would hide a fault.
  app.setSerializerCompiler(() => (value) => JSON.stringify(value));
  app.setErrorHandler(sendProblem);
  const headers = { ...securityHeaders, ...(isSecure(config) ? { 'strict-transport-security': HSTS } : {}) };
  app.addHook('onSend', async (_request, reply) => {
    for (const [name, value] of Object.entries(headers)) if (!reply.hasHeader(name)) reply.header(name, value);
  });
  await app.register(cookie);
  await app.register(compress, packing);
  refuseLooseQueries(app);
  refuseInexactBodies(app);
  guardAccess(app, { ...deps, checkKey: createKeyCheck({ store, clock }) });
  guardScopes(app, store);
  guardTraces(app, deps);
  await describe(app);
  const { links } = deps;
  const publicUrl = () => config.http?.publicUrl ?? app.listeningOrigin;
  const noticeReads = createNoticeReads({ store, clock, publicUrl, links });
  const printer = createNoticePrinter({ store, read: blobs.read, templates: deps.templates });
  const noticeCommands = createNoticeCommands({
    ...{ store, clock, changes, links },
    storePhoto: (bytes, mime) => blobs.keep(bytes, mime),
    linkMs: (config.notices?.linkDays ?? 30) * DAY,
  });
  const streams = createOpenStreams(deps);
  await app.register(
    async (api) => {
      // Whatever changes sessions or users may end a stream, once it has been answered.
      api.addHook('onResponse', async (request) => {
        if (request.method !== 'GET' && /\/(session|users)/.test(request.routeOptions.url ?? '')) await streams.check();
      });
      sessionRoutes(api, deps);
      oidcRoutes(api, deps);
      caseRoutes(api, deps);
      clockRoutes(api, deps);
      evidenceRoutes(api, deps);
      registryRoutes(api, deps);
      unitRoutes(api, deps);
      limitRoutes(api, deps);
      sheetRoutes(api, deps);
      auditRoutes(api, deps);
      approvalRoutes(api, deps);
      memoryRoutes(api, deps);
      calendarRoutes(api, deps);
      trustRoutes(api, deps);
      noticeRoutes(api, noticeReads, noticeCommands, printer);
      deliveryRoutes(api, deps);
      ladderRoutes(api, createSiteLadders({ store, clock, keep: blobs.keep }));
      correctionOrderRoutes(api, createCorrectionOrders({ store, clock, changes, printer }));
      reportRoutes(api, deps);
      verdictRoutes(api, deps);
      apiKeyRoutes(api, deps);
      webhookRoutes(api, deps);
      streamRoutes(api, deps, streams);
    },
    { prefix: '/api/v1' },
  );
  operationRoutes(app, deps);
  // A room of its own: its errors have another form.
  await app.register((open311) => open311Routes(open311, deps));
  await app.register((pages) => noticePages(pages, deps, { reads: noticeReads, commands: noticeCommands, printer }));
  await consoleRoutes(app);
  return app;
}
