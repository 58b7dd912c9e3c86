/** Notices for the people of the office: list, one notice, PDF, link, replies. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { NoticeReplyBody, NoticeView } from '../../../contracts/api/notice.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { AppError } from '../../../platform/app-error.ts';
import type { NoticeCommands } from '../../notices/commands.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { renderNotice } from '../../notices/document.ts';
import type { NoticeReads } from '../../notices/reads.ts';
import { printableStill } from '../../notices/stills.ts';
import type { NoticeRow } from '../../storage/notices.ts';
import { atLeast, sessionOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const NoticeId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
type NoticeId = { id: string };
const tags = ['notices'];

/** The document with the stills that have arrived; `reader` goes into the access log. */
export async function noticePdf(
  row: NoticeRow,
  link: string | null,
  blobs: ApiDeps['blobs'],
  reader: string,
): Promise<Buffer> {
  const content = JSON.parse(row.body) as NoticeContent;
  const stills = [];
  for (const ref of content.evidence) {
    const bytes = await blobs.read(ref.sha256, reader);
    if (bytes) stills.push({ sha256: ref.sha256, jpeg: await printableStill(bytes) });
  }
  return renderNotice(content, link, stills);
}

function photosOf(body: NoticeReplyBody): Buffer[] {
  if (body.photo === undefined) return [];
  const encoded = /^data:image\/(?:jpeg|png);base64,([A-Za-z0-9+/=]+)$/.exec(body.photo)?.[1];
  if (!encoded)
    throw new AppError('API_VALIDATION', 'photo', {
      faults: [{ path: 'photo', message: 'expected a data: URL of a JPEG or PNG' }],
    });
  return [Buffer.from(encoded, 'base64')];
}

const mayHaveLink = (request: Parameters<typeof sessionOf>[0]) => atLeast(sessionOf(request).user.role, 'operator');

function readRoutes(app: FastifyInstance, { blobs }: ApiDeps, reads: NoticeReads): void {
  app.get(
    '/notices',
    {
      config: { access: 'viewer' },
      schema: { tags, summary: 'Notices, newest first', response: { 200: Type.Array(NoticeView), default: Problem } },
    },
    (request) => reads.list(mayHaveLink(request)),
  );

  app.get<{ Params: NoticeId }>(
    '/notices/:id',
    {
      config: { access: 'viewer' },
      schema: { tags, summary: 'One notice', params: NoticeId, response: { 200: NoticeView, default: Problem } },
    },
    async (request) => reads.view(await reads.byId(request.params.id), mayHaveLink(request)),
  );

  app.get<{ Params: NoticeId }>(
    '/notices/:id.pdf',
    {
      config: { access: 'operator' },
      schema: { tags, summary: 'The notice as a PDF', params: NoticeId, response: { default: Problem } },
    },
    async (request, reply) => {
      const row = await reads.byId(request.params.id);
      reads.checkReady(row);
      const pdf = await noticePdf(row, reads.linkOf(row), blobs, sessionOf(request).user.name);
      return reply
        .headers({ 'content-type': 'application/pdf', 'content-disposition': `inline; filename="${row.number}.pdf"` })
        .send(pdf);
    },
  );
}

function linkRoute(
  app: FastifyInstance,
  reads: NoticeReads,
  route: {
    readonly method: 'POST' | 'DELETE';
    readonly summary: string;
    readonly change: NoticeCommands['renewLink'];
  },
): void {
  const { method, summary, change } = route;
  app.route<{ Params: NoticeId }>({
    method,
    url: '/notices/:id/link',
    config: { access: 'supervisor' },
    schema: { tags, summary, params: NoticeId, response: { 200: NoticeView, default: Problem } },
    handler: async (request) => {
      await change(request.params.id, sessionOf(request).user.name);
      return reads.view(await reads.byId(request.params.id), true);
    },
  });
}

/** `/notices`: for people who are logged in; the link is shown from operators up. */
export function noticeRoutes(app: FastifyInstance, deps: ApiDeps, reads: NoticeReads, commands: NoticeCommands): void {
  readRoutes(app, deps, reads);
  linkRoute(app, reads, {
    method: 'POST',
    summary: 'Give the notice a new link; the old one opens nothing any more',
    change: commands.renewLink,
  });
  linkRoute(app, reads, {
    method: 'DELETE',
    summary: 'Close the link of the notice',
    change: commands.revokeLink,
  });

  app.post<{ Params: NoticeId; Body: NoticeReplyBody }>(
    '/notices/:id/replies',
    {
      config: { access: 'operator' },
      bodyLimit: 12 * 1024 * 1024,
      schema: {
        tags,
        summary: 'Record an answer that came another way',
        params: NoticeId,
        body: NoticeReplyBody,
        response: { 200: NoticeView, default: Problem },
      },
    },
    async (request) => {
      const row = await reads.byId(request.params.id);
      const { photo: _encoded, ...body } = request.body;
      await commands.answer(row, { ...body, photos: photosOf(request.body) }, sessionOf(request).user.name);
      return reads.view(await reads.byId(row.id), true);
    },
  );
}
