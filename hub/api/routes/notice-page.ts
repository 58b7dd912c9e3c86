/** `/n/{token}`: whoever holds the link is the site's manager; it opens this one notice and nothing else. */
import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NoticeReplyBody } from '../../../contracts/api/notice.ts';
import { AppError } from '../../../platform/app-error.ts';
import { isValid } from '../../../platform/validate.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { imageKind, type NoticeAnswer, type NoticeDesk } from '../../notices/desk.ts';
import { type PageState, renderGone, renderPage, renderWithdrawn } from '../../notices/page.ts';
import { storedHashes } from '../../storage/evidence.ts';
import type { NoticeRow } from '../../storage/notices.ts';
import type { ApiDeps } from '../deps.ts';
import { createTries } from '../tries.ts';
import { noticePdf } from './notices.ts';

const MAX_PHOTO = 8 * 1024 * 1024;
/** A page with its stills is about six requests. */
const REQUESTS_BY_ADDRESS = 240;
const ANSWERS_BY_NOTICE = 12;
const Token = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{10,100}$' }) });
type TokenParams = { token: string };
const langOf = (request: FastifyRequest): 'zh' | 'en' =>
  (request.query as { lang?: string }).lang === 'en' ? 'en' : 'zh';
/** The link is a secret: no cache keeps the page, no other site learns the address. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};

async function readForm(request: FastifyRequest): Promise<NoticeAnswer | null> {
  const fields: Record<string, string> = {};
  let photo: { bytes: Buffer } | undefined;
  for await (const part of request.parts({ limits: { fileSize: MAX_PHOTO, files: 1, fields: 6, fieldSize: 16_000 } })) {
    if (part.type === 'file') {
      const bytes = await part.toBuffer();
      if (bytes.length > 0) photo = { bytes };
    } else if (typeof part.value === 'string') fields[part.fieldname] = part.value;
  }
  const body = {
    kind: fields.kind,
    name: fields.name?.trim(),
    ...(fields.text?.trim() ? { text: fields.text.trim() } : {}),
  };
  if (!isValid(NoticeReplyBody, body)) return null;
  const { photo: _none, ...answer } = body;
  return photo ? { ...answer, photo } : answer;
}

export async function noticePages(
  app: FastifyInstance,
  { store, blobs, clock }: ApiDeps,
  notices: NoticeDesk,
): Promise<void> {
  const tryAddress = createTries(REQUESTS_BY_ADDRESS, clock.now);
  const tryAnswer = createTries(ANSWERS_BY_NOTICE, clock.now);
  app.addHook('onRequest', async (request) => tryAddress(request.ip));
  await app.register(multipart);
  const config = { access: 'public' as const };
  const schema = { params: Token, hide: true };
  const reader = (row: NoticeRow) => `notice:${row.number}`;

  app.setErrorHandler((error, request, reply) => {
    if (error instanceof AppError && error.code === 'API_WITHDRAWN')
      return reply
        .code(410)
        .headers(pageHeaders)
        .send(renderWithdrawn(langOf(request)));
    if (error instanceof AppError && (error.code === 'API_TOKEN' || error.code === 'API_VALIDATION'))
      return reply
        .code(404)
        .headers(pageHeaders)
        .send(renderGone(langOf(request)));
    throw error;
  });

  async function show(row: NoticeRow, request: FastifyRequest, reply: FastifyReply, message: PageState['message']) {
    const content = JSON.parse(row.body) as NoticeContent;
    const stored = await storedHashes(
      store.db,
      content.evidence.map((ref) => ref.sha256),
    );
    const html = renderPage({
      content,
      token: row.token,
      state: row.state,
      lang: langOf(request),
      stored,
      replies: await notices.replies(row),
      message,
    });
    return reply
      .code(message === 'invalid' ? 422 : 200)
      .headers(pageHeaders)
      .send(html);
  }

  app.get<{ Params: TokenParams }>('/n/:token', { config, schema }, async (request, reply) => {
    const row = await notices.byToken(request.params.token);
    await notices.opened(row);
    return show(row, request, reply, null);
  });

  app.post<{ Params: TokenParams }>(
    '/n/:token',
    { config, schema, bodyLimit: MAX_PHOTO + 100_000 },
    async (request, reply) => {
      const row = await notices.byToken(request.params.token);
      tryAnswer(row.id);
      const answer = await readForm(request).catch(() => null);
      if (!answer || (answer.photo && imageKind(answer.photo.bytes) === null))
        return show(row, request, reply, 'invalid');
      const refused = await notices.answer(row, answer).then(
        () => false,
        (error: unknown) => {
          // A photo whose first bytes are right and the rest is not.
          if (error instanceof AppError && error.code === 'API_VALIDATION') return true;
          throw error;
        },
      );
      if (refused) return show(row, request, reply, 'invalid');
      return show(row, request, reply, 'thanks');
    },
  );

  app.get<{ Params: TokenParams & { sha256: string } }>(
    '/n/:token/evidence/:sha256',
    { config, schema: { hide: true } },
    async (request, reply) => {
      const row = await notices.byToken(request.params.token);
      const content = JSON.parse(row.body) as NoticeContent;
      if (!content.evidence.some((ref) => ref.sha256 === request.params.sha256))
        throw new AppError('API_TOKEN', 'not of this notice');
      const file = await blobs.open(request.params.sha256, reader(row));
      return reply.headers({ 'content-type': file.mime, 'cache-control': 'private, no-store' }).send(file.stream);
    },
  );

  app.get<{ Params: TokenParams }>('/n/:token/notice.pdf', { config, schema }, async (request, reply) => {
    const row = await notices.byToken(request.params.token);
    const pdf = await noticePdf(row, notices.linkOf(row), blobs, reader(row));
    return reply
      .headers({
        'content-type': 'application/pdf',
        'cache-control': 'no-store',
        'content-disposition': `inline; filename="${row.number}.pdf"`,
      })
      .send(pdf);
  });
}
