/** Notices for the people of the office: list, one notice, PDF, link, replies. */
import { type Static, Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { NoticeReplyBody, NoticeView } from '../../../contracts/api/notice.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { AppError } from '../../../platform/app-error.ts';
import type { NoticeCommands } from '../../notices/commands.ts';
import type { NoticePrinter } from '../../notices/printing.ts';
import type { NoticeReads } from '../../notices/reads.ts';
import { atLeast, sessionOf } from '../access.ts';
import { reachOfRequest } from '../confinement.ts';
import type { Trace } from '../traces.ts';

const NoticeId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
type NoticeId = { id: string };
const Lang = Type.Object(
  { lang: Type.Optional(Type.Union([Type.Literal('zh'), Type.Literal('en')], { default: 'zh' })) },
  { additionalProperties: false },
);
type Lang = Static<typeof Lang>;
const tags = ['notices'];
const documentViewed: Trace = { action: 'view', thing: 'notice', data: () => ({ document: true }) };
const changed = (command: string): Trace => ({ action: 'change', thing: 'notice', data: () => ({ command }) });

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

function readRoutes(app: FastifyInstance, reads: NoticeReads): void {
  app.get(
    '/notices',
    {
      config: { access: 'viewer', scopes: true },
      schema: { tags, summary: 'Notices, newest first', response: { 200: Type.Array(NoticeView), default: Problem } },
    },
    (request) => reads.list(mayHaveLink(request), reachOfRequest(request)),
  );

  app.get<{ Params: NoticeId }>(
    '/notices/:id',
    {
      config: { access: 'viewer', scopes: 'notice', trace: { action: 'view', thing: 'notice' } },
      schema: { tags, summary: 'One notice', params: NoticeId, response: { 200: NoticeView, default: Problem } },
    },
    async (request) => reads.view(await reads.byId(request.params.id), mayHaveLink(request)),
  );
}

/** The document, for whoever may hand it on: it bears the link. */
function documentRoutes(app: FastifyInstance, reads: NoticeReads, printer: NoticePrinter): void {
  const route = (summary: string) => ({
    config: { access: 'operator', scopes: 'notice', trace: documentViewed } as const,
    schema: { tags, summary, params: NoticeId, querystring: Lang, response: { default: Problem } },
  });
  async function open(id: string) {
    const row = await reads.byId(id);
    reads.checkReady(row);
    return { row, link: row.revoked_at === null ? reads.linkOf(row) : null };
  }
  app.get<{ Params: NoticeId; Querystring: Lang }>(
    '/notices/:id.pdf',
    route('The notice as a PDF'),
    async (request, reply) => {
      const { row, link } = await open(request.params.id);
      const pdf = await printer.pdf(row, link, sessionOf(request).user.name, request.query.lang);
      const name = `inline; filename="${row.number}.pdf"`;
      return reply.headers({ 'content-type': 'application/pdf', 'content-disposition': name }).send(pdf);
    },
  );
  app.get<{ Params: NoticeId; Querystring: Lang }>(
    '/notices/:id.html',
    route('The notice as a page to read and print'),
    async (request, reply) => {
      const { row, link } = await open(request.params.id);
      const html = await printer.html(row, link, (sha256) => `/api/v1/evidence/${sha256}`, request.query.lang);
      return reply.headers({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }).send(html);
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
    config: { access: 'supervisor', scopes: 'notice', trace: changed(method === 'POST' ? 'renew-link' : 'close-link') },
    schema: { tags, summary, params: NoticeId, response: { 200: NoticeView, default: Problem } },
    handler: async (request) => {
      await change(request.params.id, sessionOf(request).user.name);
      return reads.view(await reads.byId(request.params.id), true);
    },
  });
}

/** `/notices`: for people who are logged in; the link is shown from operators up. */
export function noticeRoutes(
  app: FastifyInstance,
  reads: NoticeReads,
  commands: NoticeCommands,
  printer: NoticePrinter,
): void {
  readRoutes(app, reads);
  documentRoutes(app, reads, printer);
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
      config: { access: 'operator', scopes: 'notice', trace: changed('reply') },
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
