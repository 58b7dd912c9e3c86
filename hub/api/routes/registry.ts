/** Nodes, cameras with their zones, sites, permits and users. */

import type {} from '@fastify/swagger';
import { type TSchema, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { CameraBody, NodeBody, NodeView, PermitBody, SiteBody, UserBody } from '../../../contracts/api/registry.ts';
import type { StaffRole } from '../../../contracts/api/session.ts';
import { type ZoneConfig, ZoneConfigSchema } from '../../../contracts/zone.ts';
import {
  getCamera,
  listCameras,
  listCamerasOfUnit,
  listNodes,
  removeNode,
  replaceZones,
  upsertCamera,
  upsertNode,
} from '../../registry/nodes.ts';
import { refuseWeakPassword } from '../../registry/password-rule.ts';
import { upsertPermit, upsertSite } from '../../registry/sites.ts';
import { listUsers, upsertUser } from '../../registry/users.ts';
import { allPermits, allSites } from '../../storage/sites.ts';
import { actorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const ItemId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const Zones = Type.Array(ZoneConfigSchema, { maxItems: 64 });

/** A noun of the registry: read as a list, written one at a time, last writer wins. */
function noun<S extends TSchema, T>(
  app: FastifyInstance,
  route: {
    path: string;
    body: S;
    view: TSchema;
    read: StaffRole;
    write: StaffRole;
    list: () => Promise<unknown[]>;
    /** What users of a unit see of the list; left out, they may not ask for it. */
    listOfUnit?: (unit: string) => Promise<unknown[]>;
    put: (body: T) => Promise<void>;
  },
): void {
  const tags = ['registry'];
  const summary = route.path.slice(1);
  app.get(
    route.path,
    {
      config: { access: route.read, ...(route.listOfUnit ? { units: true as const } : {}) },
      schema: { tags, summary: `All ${summary}`, response: { 200: Type.Array(route.view), default: Problem } },
    },
    (request) => {
      const { role, unit = '' } = actorOf(request);
      return role === 'unit' && route.listOfUnit ? route.listOfUnit(unit) : route.list();
    },
  );
  app.put<{ Body: T }>(
    route.path,
    {
      config: { access: route.write },
      schema: {
        tags,
        summary: `Add or change one of ${summary}`,
        body: route.body,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await route.put(request.body as T);
      return reply.code(204).send();
    },
  );
}

function zoneRoutes(app: FastifyInstance, { store }: ApiDeps): void {
  const tags = ['registry'];
  app.get<{ Params: { id: string } }>(
    '/cameras/:id/zones',
    {
      config: { access: 'viewer' },
      schema: { tags, summary: 'Zones of a camera', params: ItemId, response: { 200: Zones, default: Problem } },
    },
    async (request) => (await getCamera(store, request.params.id)).zones,
  );
  app.put<{ Params: { id: string }; Body: ZoneConfig[] }>(
    '/cameras/:id/zones',
    {
      config: { access: 'supervisor' },
      schema: {
        tags,
        summary: 'Replace the zones of a camera',
        params: ItemId,
        body: Zones,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await replaceZones(store, request.params.id, request.body);
      return reply.code(204).send();
    },
  );
}

function nodeRemoval(app: FastifyInstance, { store, clock, nodesChanged }: ApiDeps): void {
  app.delete<{ Params: { id: string } }>(
    '/nodes/:id',
    {
      config: { access: 'admin' },
      schema: {
        tags: ['registry'],
        summary: 'Remove a node; its events, cases and keys stay',
        params: ItemId,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await removeNode(store, request.params.id, clock.now());
      await nodesChanged();
      return reply.code(204).send();
    },
  );
}

/** Routes under `/nodes`, `/cameras`, `/sites`, `/permits`, `/users`. */
export function registryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, config } = deps;
  noun<typeof NodeBody, NodeBody>(app, {
    path: '/nodes',
    body: NodeBody,
    view: NodeView,
    read: 'viewer',
    write: 'admin',
    list: () => listNodes(store),
    put: async (body) => {
      if (!config.demo) refuseWeakPassword(body.id, body.password);
      await upsertNode(store, body, clock);
      await deps.nodesChanged();
      // What was refused for the cause that may be fixed now comes again at once.
      deps.askResend(body.id);
    },
  });
  nodeRemoval(app, deps);
  noun<typeof CameraBody, CameraBody>(app, {
    path: '/cameras',
    body: CameraBody,
    view: CameraBody,
    read: 'viewer',
    write: 'admin',
    list: () => listCameras(store),
    listOfUnit: (unit) => listCamerasOfUnit(store, unit),
    put: (body) => upsertCamera(store, body),
  });
  noun<typeof SiteBody, SiteBody>(app, {
    path: '/sites',
    body: SiteBody,
    view: SiteBody,
    read: 'operator',
    write: 'supervisor',
    list: () => allSites(store.db),
    put: (body) => upsertSite(store, body),
  });
  noun<typeof PermitBody, PermitBody>(app, {
    path: '/permits',
    body: PermitBody,
    view: PermitBody,
    read: 'operator',
    write: 'supervisor',
    list: () => allPermits(store.db),
    put: (body) => upsertPermit(store, body),
  });
  noun<typeof UserBody, UserBody>(app, {
    path: '/users',
    body: UserBody,
    view: UserBody,
    read: 'admin',
    write: 'admin',
    list: () => listUsers(store),
    put: (body) => {
      if (!config.demo) refuseWeakPassword(body.name, body.password);
      return upsertUser(store, body);
    },
  });
  zoneRoutes(app, deps);
}
