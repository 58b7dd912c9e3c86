/** `/n/{token}`: whoever holds the link is the site's manager; it opens this one notice and nothing else. */
import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../../contracts/errors.ts';
import { Sha256 } from '../../../contracts/ids.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { AppError } from '../../../platform/app-error.ts';
import { sourceOf } from '../../client-address.ts';
import { type NoticeAnswer, photosOf } from '../../notices/answer.ts';
import type { NoticeContent } from '../../notices/content.ts';
import type { NoticeDesk } from '../../notices/desk.ts';
import { type PageState, renderGone, renderPage, renderRefusal, renderWithdrawn } from '../../notices/page.ts';
import { storedHashes } from '../../storage/evidence.ts';
import type { NoticeRow } from '../../storage/notices.ts';
import type { ApiDeps } from '../deps.ts';
import { logFault, toAppError } from '../problem.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { answerOf, draftOf, inSentences, MAX_PHOTOS_BYTES, readForm } from './notice-form.ts';
import { noticePdf } from './notices.ts';

/** A page with its stills is about six requests. */
const REQUESTS_BY_ADDRESS = 240;
const ANSWERS_BY_NOTICE = 12;
const Token = Type.Object({ token: Type.String({ pattern: '^[A-Za-z0-9_-]{10,100}$' }) });
const TokenAndFile = Type.Object({ ...Token.properties, sha256: Sha256 });
type TokenParams = { token: string };
const langOf = (request: FastifyRequest): 'zh' | 'en' =>
  (request.query as { lang?: string }).lang === 'en' ? 'en' : 'zh';
/** The link is a secret: no cache keeps the page, no other site learns the address. */
const pageHeaders = {
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
};

/** `GET` and `POST /n/{token}`, `GET /n/{token}/…`: what a site's manager sees. */
export async function noticePages(app: FastifyInstance, { store, blobs }: ApiDeps, notices: NoticeDesk): Promise<void> {
  const addressLimiter = createRateLimiter(REQUESTS_BY_ADDRESS);
  const answerLimiter = createRateLimiter(ANSWERS_BY_NOTICE);
  app.addHook('onRequest', async (request) => addressLimiter.take(sourceOf(request.ip)));
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
    // Whoever stands at a gate with a phone reads words, not problem details, whatever broke.
    const known = toAppError(error);
    logFault(error, known.code, request);
    const { status, message, messageZh } = errors[known.code];
    const words = langOf(request) === 'zh' ? messageZh : message;
    return reply
      .code(status ?? 500)
      .headers(pageHeaders)
      .send(renderRefusal(langOf(request), words));
  });

  type Outcome = Pick<PageState, 'message' | 'draft'>;

  async function show(row: NoticeRow, request: FastifyRequest, reply: FastifyReply, outcome: Outcome) {
    const content = JSON.parse(row.body) as NoticeContent;
    const stored = await storedHashes(
      store.db,
      content.evidence.map((ref) => ref.sha256),
    );
    const replies = (await notices.replies(row)).map((said) => ({ ...said, photos: photosOf(said) }));
    const html = renderPage({
      ...{ content, token: (request.params as TokenParams).token, lang: langOf(request), stored, replies },
      ...outcome,
    });
    return reply
      .code(outcome.draft === null ? 200 : 422)
      .headers(pageHeaders)
      .send(html);
  }

  /** Keeps the answer, or says what it lacks. */
  async function keep(row: NoticeRow, answer: NoticeAnswer): Promise<Bilingual | null> {
    try {
      await notices.answer(row, answer);
      return null;
    } catch (error) {
      const fault = error instanceof AppError && error.code === 'API_VALIDATION' ? error.faults[0] : undefined;
      if (!fault) throw error;
      return inSentences(fault);
    }
  }

  // Anything opens links (previews, scanners, the office itself): looking changes nothing and proves nothing.
  app.get<{ Params: TokenParams }>('/n/:token', { config, schema }, async (request, reply) =>
    show(await notices.byToken(request.params.token), request, reply, { message: null, draft: null }),
  );

  app.post<{ Params: TokenParams }>(
    '/n/:token',
    { config, schema, bodyLimit: MAX_PHOTOS_BYTES + 100_000 },
    async (request, reply) => {
      const row = await notices.byToken(request.params.token);
      answerLimiter.take(row.id);
      const form = await readForm(request);
      const read = form.fault ? { fault: form.fault } : answerOf(form);
      const fault = 'fault' in read ? read.fault : await keep(row, read.answer);
      if (fault) return show(row, request, reply, { message: fault, draft: draftOf(form) });
      return show(await notices.byId(row.id), request, reply, { message: 'thanks', draft: null });
    },
  );

  app.get<{ Params: TokenParams & { sha256: string } }>(
    '/n/:token/evidence/:sha256',
    { config, schema: { params: TokenAndFile, hide: true } },
    async (request, reply) => {
      const row = await notices.byToken(request.params.token);
      const content = JSON.parse(row.body) as NoticeContent;
      const { sha256 } = request.params;
      const own = content.evidence.some((ref) => ref.sha256 === sha256);
      if (!own && !(await notices.replies(row)).some((said) => photosOf(said).includes(sha256)))
        throw new AppError('API_TOKEN', 'not of this notice');
      const file = await blobs.open(sha256, reader(row));
      return reply.headers({ 'content-type': file.mime, 'cache-control': 'private, no-store' }).send(file.stream);
    },
  );

  app.get<{ Params: TokenParams }>('/n/:token/notice.pdf', { config, schema }, async (request, reply) => {
    const row = await notices.byToken(request.params.token);
    const pdf = await noticePdf(row, notices.urlOf(request.params.token), blobs, reader(row));
    return reply
      .headers({
        'content-type': 'application/pdf',
        'cache-control': 'no-store',
        'content-disposition': `inline; filename="${row.number}.pdf"`,
      })
      .send(pdf);
  });
}
