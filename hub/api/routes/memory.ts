/** What a camera remembers of its street: shown to everyone, changed by supervisors as its zones are. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { CameraMemoryView, MemoryChange } from '../../../contracts/api/memory.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { CameraId } from '../../../contracts/ids.ts';
import { sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const Params = Type.Object({ id: CameraId }, { additionalProperties: false });
const response = { 200: CameraMemoryView, default: Problem };
const tags = ['registry'];

/** `/cameras/{id}/memory`. */
export function memoryRoutes(app: FastifyInstance, { memories }: ApiDeps): void {
  app.get<{ Params: { id: string } }>(
    '/cameras/:id/memory',
    {
      config: { access: 'viewer', scopes: 'camera' },
      schema: { tags, summary: 'What a camera remembers of its street', params: Params, response },
    },
    (request) => memories.read(request.params.id),
  );
  app.post<{ Params: { id: string }; Body: MemoryChange }>(
    '/cameras/:id/memory',
    {
      config: { access: 'supervisor', scopes: 'camera', trace: { action: 'change', thing: 'camera' } },
      schema: {
        tags,
        summary: 'Have a camera forget a part of it, or bring back what the last reset took',
        params: Params,
        body: MemoryChange,
        response,
      },
    },
    (request) => memories.change(request.params.id, request.body, sessionOf(request).user.name),
  );
}
