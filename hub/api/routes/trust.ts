/** The hub's public root, and the keys of nodes with their lives. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { NodeKeyView, RevokeBody, TrustView } from '../../../contracts/api/trust.ts';
import { NodeId } from '../../../contracts/ids.ts';
import { AppError } from '../../../platform/app-error.ts';
import { timestamp } from '../../../platform/clock.ts';
import { listNodeKeys, revokeNodeKey } from '../../registry/node-keys.ts';
import { authorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const Node = Type.Object({ id: NodeId }, { additionalProperties: false });
type Node = { id: string };
const Keys = Type.Array(NodeKeyView);

/** `GET /trust` and routes under `/nodes/:id/keys`. */
export function trustRoutes(app: FastifyInstance, { store, root, clock, keysRevoked }: ApiDeps): void {
  const tags = ['trust'];
  app.get(
    '/trust',
    {
      config: { access: 'viewer', scopes: true },
      schema: {
        tags,
        summary: 'Public root of this hub: the anchor for `kerbwatch verify --trust`',
        response: { 200: TrustView, default: Problem },
      },
    },
    async (): Promise<TrustView> => ({
      algorithm: 'Ed25519',
      fingerprint: root.fingerprint,
      publicKey: root.pem,
    }),
  );
  app.get<{ Params: Node }>(
    '/nodes/:id/keys',
    {
      config: { access: 'viewer' },
      schema: {
        tags,
        summary: 'Every key that a node has had, the latest first',
        params: Node,
        response: { 200: Keys, default: Problem },
      },
    },
    (request) => listNodeKeys(store, request.params.id),
  );
  app.post<{ Params: Node; Body: RevokeBody }>(
    '/nodes/:id/keys/revoke',
    {
      config: { access: 'admin' },
      schema: {
        tags,
        summary: 'Revoke one key of a node, or all that it has had: what comes in under them from now on is refused',
        params: Node,
        body: RevokeBody,
        response: { 200: Keys, default: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const { reason, fingerprint } = request.body;
      const revoked = await revokeNodeKey(
        store,
        id,
        timestamp(clock.now()),
        reason,
        fingerprint,
        authorOf(request, clock),
      );
      if (revoked === 0) throw new AppError('API_NOT_FOUND', `a key of ${id} that is not revoked yet`);
      keysRevoked(id);
      return listNodeKeys(store, id);
    },
  );
}
