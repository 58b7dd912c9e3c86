/** Evidence files: nodes bring them by hash, resumable; people open them, and each access is logged. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { Sha256 } from '../../../contracts/ids.ts';
import { AppError } from '../../../platform/app-error.ts';
import { sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const Hash = Type.Object({ sha256: Sha256 }, { additionalProperties: false });
type Hash = { sha256: string };
const tags = ['evidence'];

/** `bytes 0-99/1234`; without the header the body is the whole file. */
function rangeOf(header: string | undefined): { start: number; total: number | null } {
  if (header === undefined) return { start: 0, total: null };
  const [, start, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(header) ?? [];
  if (start === undefined || total === undefined) throw new AppError('API_RANGE', `Content-Range: ${header}`);
  return { start: Number(start), total: Number(total) };
}

/** Routes under `/evidence`. */
export function evidenceRoutes(app: FastifyInstance, { blobs }: ApiDeps): void {
  app.head<{ Params: Hash }>(
    '/evidence/:sha256',
    {
      config: { access: 'node' },
      schema: { tags, summary: 'How much of a file is stored (Upload-Offset)', params: Hash },
    },
    async (request, reply) => {
      const { received, complete } = await blobs.offset(request.params.sha256, request.node ?? '');
      return reply
        .headers({ 'upload-offset': String(received), 'upload-complete': complete ? '?1' : '?0' })
        .code(204)
        .send();
    },
  );

  app.register(async (upload) => {
    // Files go to disk as they come; nothing is held in memory.
    upload.removeAllContentTypeParsers();
    upload.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    upload.put<{ Params: Hash }>(
      '/evidence/:sha256',
      {
        config: { access: 'node' },
        bodyLimit: 256 * 1024 * 1024,
        schema: { tags, summary: 'Store a file that an event names; resumable by Content-Range', params: Hash },
      },
      async (request, reply) => {
        const { start, total } = rangeOf(request.headers['content-range']);
        const { received, complete } = await blobs.append(
          request.params.sha256,
          request.node ?? '',
          start,
          request.body as NodeJS.ReadableStream,
          total,
        );
        return reply
          .headers({ 'upload-offset': String(received), 'upload-complete': complete ? '?1' : '?0' })
          .code(complete ? 201 : 200)
          .send();
      },
    );
  });

  app.get<{ Params: Hash }>(
    '/evidence/:sha256',
    {
      exposeHeadRoute: false,
      config: { access: 'viewer', units: true, scopes: 'evidence' },
      schema: { tags, summary: 'A file; every look is logged', params: Hash, response: { default: Problem } },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      const file = await blobs.open(sha256, sessionOf(request).user.name, request.ip);
      return reply
        .headers({
          'content-type': file.mime,
          'content-length': String(file.bytes),
          'cache-control': 'private, max-age=31536000, immutable',
        })
        .send(file.stream);
    },
  );
}
