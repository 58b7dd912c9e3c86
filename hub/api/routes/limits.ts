/** Matters with their limits, and closure codes: read by everyone, edited by supervisors. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ClosureList, ClosureListBody } from '../../../contracts/api/closure.ts';
import { LimitView } from '../../../contracts/api/limit.ts';
import { MatterBody, MatterView } from '../../../contracts/api/matter.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { addClosureCodes, listClosureCodes } from '../../cases/closure-codes.ts';
import { limitView } from '../../cases/limit-view.ts';
import { editMatter, listMatters } from '../../cases/matters.ts';
import { caseSettings } from '../../cases/settings.ts';
import { authorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { versionOf } from '../if-match.ts';

const tags = ['registry'];

function matterRoutes(app: FastifyInstance, { store, clock, config }: ApiDeps): void {
  app.get(
    '/matters',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags,
        summary: 'Matters of the filing tables with their limits, and where each is from',
        response: { 200: Type.Array(MatterView), default: Problem },
      },
    },
    () => listMatters(store.db, config.limits?.scheme ?? 'city-table-b'),
  );
  app.put<{ Body: MatterBody }>(
    '/matters',
    {
      config: {
        ...{ access: 'supervisor' },
        trace: { action: 'change', thing: 'matter', id: ({ body }) => (body as MatterBody).code },
      },
      schema: {
        tags,
        summary: 'Edit or add one of matters; cases under way keep the limit that they have',
        body: MatterBody,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await editMatter(store, request.body, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
}

/** `/limits`, `/matters` and `/closure-codes`. */
export function limitRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, config, calendar } = deps;
  matterRoutes(app, deps);
  app.get(
    '/limits',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags,
        summary: 'What is set about limits, and which one applies to each kind with the time that it would end now',
        response: { 200: LimitView, default: Problem },
      },
    },
    () => limitView(store.db, caseSettings(config, calendar), clock.now()),
  );
  app.get(
    '/closure-codes',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags,
        summary: 'Lists of closure codes, the newest first',
        response: { 200: Type.Array(ClosureList), default: Problem },
      },
    },
    () => listClosureCodes(store.db),
  );
  app.post<{ Body: ClosureListBody }>(
    '/closure-codes',
    {
      config: { access: 'supervisor', trace: { action: 'change', thing: 'closure-codes' } },
      schema: {
        tags,
        summary: 'Add the next version of the closure codes; If-Match carries the version that it was edited from',
        body: ClosureListBody,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      const header = request.headers['if-match'];
      const version = header === undefined ? undefined : versionOf(header);
      await addClosureCodes(store, request.body, authorOf(request, clock), version);
      return reply.code(204).send();
    },
  );
}
