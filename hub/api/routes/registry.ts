/** Nodes, cameras with their zones, sites, permits, carriers, stall points and users. */

import type {} from '@fastify/swagger';
import { type TSchema, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { CarrierBody } from '../../../contracts/api/carrier.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { CameraBody, NodeBody, NodeView, PermitBody, SiteBody, UserBody } from '../../../contracts/api/registry.ts';
import type { StaffRole } from '../../../contracts/api/session.ts';
import { StallPointBody } from '../../../contracts/api/stall-point.ts';
import { type ZoneConfig, ZoneConfigSchema } from '../../../contracts/zone.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Author } from '../../audit.ts';
import type { Actor } from '../../cases/lifecycle/facts.ts';
import { cameras, getCamera, replaceZones } from '../../registry/cameras.ts';
import { listNodes, removeNode, upsertNode } from '../../registry/nodes.ts';
import { refuseWeakPassword } from '../../registry/password-rule.ts';
import { type Registered, upsertRegistered } from '../../registry/registered.ts';
import { carriers, permits, sites, stallPoints } from '../../registry/sites.ts';
import { listUsers, upsertUser } from '../../registry/users.ts';
import { reachOf } from '../../storage/reach.ts';
import { actorOf, authorOf } from '../access.ts';
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
    /** Of whoever asks; left out of `open`, confined users may not. */
    list: (actor: Actor) => Promise<unknown[]>;
    open?: 'units' | 'confined';
    put: (body: T, by: Author) => Promise<void>;
  },
  clock: Clock,
): void {
  const tags = ['registry'];
  const summary = route.path.slice(1);
  app.get(
    route.path,
    {
      config: {
        access: route.read,
        ...(route.open === 'units' ? { units: true as const } : {}),
        ...(route.open ? { scopes: true as const } : {}),
      },
      schema: { tags, summary: `All ${summary}`, response: { 200: Type.Array(route.view), default: Problem } },
    },
    (request) => route.list(actorOf(request)),
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
      await route.put(request.body as T, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
}

function zoneRoutes(app: FastifyInstance, { store, clock }: ApiDeps): void {
  const tags = ['registry'];
  app.get<{ Params: { id: string } }>(
    '/cameras/:id/zones',
    {
      config: { access: 'viewer', scopes: 'camera' },
      schema: { tags, summary: 'Zones of a camera', params: ItemId, response: { 200: Zones, default: Problem } },
    },
    async (request) => (await getCamera(store, request.params.id)).zones,
  );
  app.put<{ Params: { id: string }; Body: ZoneConfig[] }>(
    '/cameras/:id/zones',
    {
      config: { access: 'supervisor', scopes: 'camera' },
      schema: {
        tags,
        summary: 'Replace the zones of a camera',
        params: ItemId,
        body: Zones,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await replaceZones(store, request.params.id, request.body, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
}

function nodeRemoval(app: FastifyInstance, { store, clock, nodesChanged }: ApiDeps): void {
  app.delete<{ Params: { id: string } }>(
    '/nodes/:id',
    {
      config: { access: 'admin', approval: { action: 'delete', thing: 'node' } },
      schema: {
        tags: ['registry'],
        summary: 'Remove a node; its events, cases and keys stay',
        params: ItemId,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await removeNode(store, request.params.id, clock.now(), authorOf(request, clock));
      await nodesChanged();
      return reply.code(204).send();
    },
  );
}

function nodeNoun(app: FastifyInstance, { store, clock, config, nodesChanged, askResend }: ApiDeps): void {
  noun<typeof NodeBody, NodeBody>(
    app,
    {
      path: '/nodes',
      body: NodeBody,
      view: NodeView,
      read: 'viewer',
      write: 'admin',
      list: () => listNodes(store),
      put: async (body, by) => {
        if (!config.demo) refuseWeakPassword(body.id, body.password);
        await upsertNode(store, body, clock, by);
        await nodesChanged();
        // What was refused for the cause that may be fixed now comes again at once.
        askResend(body.id);
      },
    },
    clock,
  );
}

/** A unit sees cameras without their zones: how a camera decides is the office's. */
function cameraNoun(app: FastifyInstance, { store, clock }: ApiDeps): void {
  noun<typeof CameraBody, CameraBody>(
    app,
    {
      ...{ path: '/cameras', body: CameraBody, view: CameraBody, read: 'viewer', write: 'admin', open: 'units' },
      async list(actor) {
        const all = await cameras.all(store.db, reachOf(actor));
        return actor.role === 'unit' ? all.map((camera) => ({ ...camera, zones: [] })) : all;
      },
      put: (body, by) => upsertRegistered(store, cameras, body, by),
    },
    clock,
  );
}

/** Kinds that are read and written alike. */
function plainNoun<S extends TSchema, T extends { readonly id: string }>(
  app: FastifyInstance,
  { store, clock }: ApiDeps,
  kind: Registered<T>,
  route: {
    readonly path: string;
    readonly body: S;
    readonly read: StaffRole;
    readonly write: StaffRole;
    readonly open?: 'units' | 'confined';
  },
): void {
  const list = (actor: Actor) => kind.all(store.db, reachOf(actor));
  const put = (body: T, by: Author) => upsertRegistered(store, kind, body, by);
  noun<S, T>(app, { ...route, view: route.body, list, put }, clock);
}

/** Routes under `/nodes`, `/cameras`, `/sites`, `/permits`, `/carriers`, `/stall-points`, `/users`. */
export function registryRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, config } = deps;
  nodeNoun(app, deps);
  nodeRemoval(app, deps);
  cameraNoun(app, deps);
  const desk = { read: 'operator', write: 'supervisor' } as const;
  plainNoun(app, deps, sites, { path: '/sites', body: SiteBody, ...desk, open: 'confined' });
  plainNoun(app, deps, permits, { path: '/permits', body: PermitBody, ...desk, open: 'confined' });
  plainNoun(app, deps, carriers, { path: '/carriers', body: CarrierBody, ...desk });
  plainNoun(app, deps, stallPoints, { path: '/stall-points', body: StallPointBody, ...desk, open: 'confined' });
  noun<typeof UserBody, UserBody>(
    app,
    {
      path: '/users',
      body: UserBody,
      view: UserBody,
      read: 'admin',
      write: 'admin',
      list: () => listUsers(store),
      put: (body, by) => {
        if (!config.demo) refuseWeakPassword(body.name, body.password);
        return upsertUser(store, body, by);
      },
    },
    clock,
  );
  zoneRoutes(app, deps);
}
