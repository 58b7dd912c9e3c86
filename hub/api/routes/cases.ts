/** Cases: lists, details, commands. */
import { Readable } from 'node:stream';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import {
  CaseCommand,
  CaseDetail,
  CasePage,
  CaseQuery,
  CaseSummary,
  HaulageCheck,
} from '../../../contracts/api/case.ts';
import { CaseLink } from '../../../contracts/api/case-link.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { AppError } from '../../../platform/app-error.ts';
import { hashesOfCase } from '../../storage/evidence.ts';
import { actorOf, sessionOf } from '../access.ts';
import { packageEntries, readCasePackage } from '../case-package.ts';
import type { ApiDeps } from '../deps.ts';
import { versionOf } from '../if-match.ts';
import { writeTar } from '../tar.ts';
import type { Trace } from '../traces.ts';

const CaseId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
type CaseId = { id: string };
const PlateQuery = Type.Object(
  { plate: Type.String({ minLength: 1, maxLength: 16 }) },
  { additionalProperties: false },
);
type PlateQuery = { plate: string };

/** A plate that was typed, whatever came of it: who looks for whose truck is to be seen. */
const plateSearch: Trace = {
  ...{ action: 'search', thing: 'case' },
  data: ({ query }) => ({ plate: (query as PlateQuery).plate }),
};
/** Commands are in the case's own trail with all that they said; here is who gave which. */
const command: Trace = {
  ...{ action: 'change', thing: 'case' },
  data: ({ body }) => ({ command: (body as CaseCommand).command }),
};
/** Lists without words are no search. */
const listSearch: Trace = {
  ...{ action: 'search', thing: 'case' },
  when: ({ query }) => ((query as CaseQuery).q ?? '').trim() !== '',
  data: ({ query }) => ({ q: (query as CaseQuery).q?.trim() }),
};

function packageRoute(app: FastifyInstance, deps: ApiDeps): void {
  app.get<{ Params: CaseId }>(
    '/cases/:id/package',
    {
      config: { access: 'supervisor', scopes: 'case', approval: { action: 'export', thing: 'case' } },
      schema: {
        tags: ['cases'],
        summary: 'The case with messages, keys, history and evidence as a tar file, for `kerbwatch verify`',
        params: CaseId,
        response: { default: Problem },
      },
    },
    async (request, reply) => {
      const now = deps.clock.now();
      const exported = { by: sessionOf(request).user.name, at: now, address: request.ip };
      // Before the first byte: what is lost is listed as absent, instead of breaking the answer in the middle.
      await deps.blobs.verify(await hashesOfCase(deps.store.db, request.params.id));
      const content = await readCasePackage(deps, request.params.id, exported);
      return reply
        .headers({
          'content-type': 'application/x-tar',
          'cache-control': 'no-store',
          'content-disposition': `attachment; filename="${content.number}.tar"`,
        })
        .send(Readable.from(writeTar(packageEntries(content, deps.blobs), now)));
    },
  );
}

function haulageRoute(app: FastifyInstance, { caseReads }: ApiDeps): void {
  app.get<{ Params: CaseId; Querystring: PlateQuery }>(
    '/cases/:id/haulage',
    {
      config: { access: 'operator', scopes: 'case', trace: plateSearch },
      schema: {
        tags: ['cases'],
        summary:
          'What the site’s haulage permits say of a plate at the time of the pass; null where none are on record',
        params: CaseId,
        querystring: PlateQuery,
        response: { 200: Type.Union([HaulageCheck, Type.Null()]), default: Problem },
      },
    },
    async (request, reply) =>
      // Fastify sends nothing at all for a bare null.
      reply
        .type('application/json')
        .serializer(JSON.stringify)
        .send(await caseReads.haulage(request.params.id, request.query.plate)),
  );
}

function linksRoute(app: FastifyInstance, { caseReads }: ApiDeps): void {
  app.get<{ Params: CaseId }>(
    '/cases/:id/links',
    {
      config: { access: 'viewer', scopes: 'case' },
      schema: {
        tags: ['cases'],
        summary: 'Cases of other cameras that are likely the same, with the reason, and what may be done about it',
        params: CaseId,
        response: { 200: Type.Array(CaseLink), default: Problem },
      },
    },
    (request) => caseReads.links(request.params.id, actorOf(request)),
  );
}

/** Routes under `/cases`. */
export function caseRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { caseReads, caseCommands } = deps;
  packageRoute(app, deps);
  haulageRoute(app, deps);
  linksRoute(app, deps);
  const tags = ['cases'];

  app.get<{ Querystring: CaseQuery }>(
    '/cases',
    {
      config: { access: 'viewer', units: true, scopes: true, trace: listSearch },
      schema: {
        tags,
        summary: 'Cases, newest first, by filters; a user of a unit sees those of her unit',
        querystring: CaseQuery,
        response: { 200: CasePage, default: Problem },
      },
    },
    async (request) => {
      const { mine, ...query } = request.query;
      const actor = actorOf(request);
      if (mine !== true) return caseReads.list(query, actor);
      if (query.claimedBy !== undefined)
        throw new AppError('API_VALIDATION', 'mine', {
          faults: [{ path: 'mine', message: 'not together with claimedBy' }],
        });
      return caseReads.list({ ...query, claimedBy: actor.name }, actor);
    },
  );

  app.get<{ Params: CaseId }>(
    '/cases/:id',
    {
      config: { access: 'viewer', units: true, scopes: 'case', trace: { action: 'view', thing: 'case' } },
      schema: {
        tags,
        summary: 'One case with its events, history and notices',
        params: CaseId,
        response: { 200: CaseDetail, default: Problem },
      },
    },
    async (request, reply) => {
      const detail = await caseReads.get(request.params.id, actorOf(request));
      reply.header('etag', `"${detail.case.version}"`);
      return detail;
    },
  );

  app.post<{ Params: CaseId; Body: CaseCommand }>(
    '/cases/:id/commands',
    {
      config: { access: 'viewer', units: true, scopes: 'case', trace: command },
      schema: {
        tags,
        summary: 'Move a case one step; If-Match carries the version looked at',
        params: CaseId,
        body: CaseCommand,
        response: { 200: CaseSummary, default: Problem },
      },
    },
    async (request, reply) => {
      const version = versionOf(request.headers['if-match']);
      const summary = await caseCommands.apply(request.params.id, request.body, actorOf(request), version);
      reply.header('etag', `"${summary.version}"`);
      return summary;
    },
  );
}
