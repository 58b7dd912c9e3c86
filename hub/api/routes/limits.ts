/** Matters with their limits, and closure codes: read by everyone, edited by supervisors. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ClosureList, ClosureListBody } from '../../../contracts/api/closure.ts';
import { MatterBody, MatterView } from '../../../contracts/api/matter.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { addClosureCodes, listClosureCodes } from '../../cases/closure-codes.ts';
import { editMatter, listMatters } from '../../cases/matters.ts';
import { sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

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
      await editMatter(store, request.body, sessionOf(request).user.name, clock.now());
      return reply.code(204).send();
    },
  );
}

/** `/matters` and `/closure-codes`. */
export function limitRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock } = deps;
  matterRoutes(app, deps);
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
        summary: 'Add the next version of the closure codes',
        body: ClosureListBody,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await addClosureCodes(store, request.body, sessionOf(request).user.name, clock.now());
      return reply.code(204).send();
    },
  );
}
