/** `/n/{token}`: whoever holds the link is the site's manager; it opens this notice, or the notices of its shift, and nothing else. */
import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { errors } from '../../../contracts/errors.ts';
import { Sha256 } from '../../../contracts/ids.ts';
import { AppError } from '../../../platform/app-error.ts';
import { sourceOf } from '../../client-address.ts';
import { photosOf } from '../../notices/answer.ts';
import type { NoticeCommands } from '../../notices/commands.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { type PageState, renderGone, renderRefusal, renderWithdrawn } from '../../notices/page.ts';
import { pageScript } from '../../notices/page-script.ts';
import { createPages } from '../../notices/page-states.ts';
import type { NoticePrinter } from '../../notices/printing.ts';
import { firstOf, type NoticeReads, type OpenedLink } from '../../notices/reads.ts';
import type { NoticeRow } from '../../storage/notices.ts';
import type { ApiDeps } from '../deps.ts';
import { logFault, toAppError } from '../problem.ts';
import { createRateLimiter } from '../rate-limiter.ts';
import { recordAnswer } from './notice-answers.ts';
import { answerOf, draftOf, MAX_PHOTO_BYTES, readForm } from './notice-form.ts';

/** A page with its stills is about six requests. */
const REQUESTS_BY_ADDRESS = 240;
const ANSWERS_BY_NOTICE = 12;
/** Several cases, each with answers of its own. */
const ANSWERS_BY_MERGED = 60;
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

const config = { access: 'public' as const };
const schema = { params: Token, hide: true };
const reader = ({ number }: Pick<OpenedLink, 'number'>) => `notice:${number}`;

type PageParts = { readonly reads: NoticeReads; readonly commands: NoticeCommands; readonly printer: NoticePrinter };

/** Whoever stands at a gate with a phone reads words, not problem details, whatever broke. */
function sendPage(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const lang = langOf(request);
  const page = (status: number, html: string) => reply.code(status).headers(pageHeaders).send(html);
  if (error instanceof AppError && error.code === 'API_WITHDRAWN') return page(410, renderWithdrawn(lang));
  if (error instanceof AppError && (error.code === 'API_TOKEN' || error.code === 'API_VALIDATION'))
    return page(404, renderGone(lang));
  const known = toAppError(error);
  logFault(error, known.code, request);
  const { status, message, messageZh } = errors[known.code];
  return page(status ?? 500, renderRefusal(lang, lang === 'zh' ? messageZh : message));
}

/** The page itself, and the forms that it posts to its own address. */
function pageRoutes(app: FastifyInstance, { store, clock }: ApiDeps, { reads, commands }: PageParts): void {
  const answerLimit = createRateLimiter(ANSWERS_BY_NOTICE);
  const mergedLimit = createRateLimiter(ANSWERS_BY_MERGED);
  const draw = createPages({ store, clock, reads });

  async function show(
    link: OpenedLink,
    request: FastifyRequest,
    reply: FastifyReply,
    form: Pick<PageState, 'message' | 'draft'>,
  ) {
    const { token } = request.params as TokenParams;
    const html = await draw(link, { token, lang: langOf(request), ...form });
    return reply
      .code(form.draft === null ? 200 : 422)
      .headers(pageHeaders)
      .send(html);
  }

  // Anything opens links (previews, scanners, the office itself): opening one changes nothing and proves nothing.
  app.get<{ Params: TokenParams }>('/n/:token', { config, schema }, async (request, reply) =>
    show(await reads.byToken(request.params.token), request, reply, { message: null, draft: null }),
  );

  app.post<{ Params: TokenParams }>(
    '/n/:token',
    { config, schema, bodyLimit: MAX_PHOTO_BYTES + 100_000 },
    async (request, reply) => {
      const { token } = request.params;
      const link = await reads.byToken(token);
      (link.rows.length > 1 ? mergedLimit : answerLimit).take(link.id);
      const form = await readForm(request);
      const read = form.fault ? { fault: form.fault } : answerOf(form);
      const fault = 'fault' in read ? read.fault : await recordAnswer(commands, link, form.fields, read.answer);
      if (fault) return show(link, request, reply, { message: fault, draft: draftOf(form) });
      return show(await reads.byToken(token), request, reply, { message: 'thanks', draft: null });
    },
  );
}

/** What the page shows or offers beside itself: stills, photos of answers, the document. */
function fileRoutes(app: FastifyInstance, { blobs }: ApiDeps, { reads, printer }: PageParts): void {
  /** Whether it is a still, the film, or a photo of an answer of one of them. */
  async function holds(rows: readonly NoticeRow[], sha256: string): Promise<boolean> {
    for (const row of rows) {
      const { evidence, clip } = JSON.parse(row.body) as NoticeContent;
      if ([...evidence, clip].some((ref) => ref?.sha256 === sha256)) return true;
      if ((await reads.replies(row)).some((answer) => photosOf(answer).includes(sha256))) return true;
    }
    return false;
  }

  app.get<{ Params: TokenParams & { sha256: string } }>(
    '/n/:token/evidence/:sha256',
    { config, schema: { params: TokenAndFile, hide: true } },
    async (request, reply) => {
      const link = await reads.byToken(request.params.token);
      const { sha256 } = request.params;
      if (!(await holds(link.open, sha256))) throw new AppError('API_TOKEN', 'not of this notice');
      const file = await blobs.open(sha256, reader(link));
      return reply.headers({ 'content-type': file.mime, 'cache-control': 'private, no-store' }).send(file.stream);
    },
  );

  app.get<{ Params: TokenParams }>('/n/:token/notice.pdf', { config, schema }, async (request, reply) => {
    const opened = await reads.byToken(request.params.token);
    const link = reads.urlOf(request.params.token);
    const pdf = await printer.pdf(firstOf(opened), link, reader(opened), langOf(request));
    return reply
      .headers({
        'content-type': 'application/pdf',
        'cache-control': 'no-store',
        'content-disposition': `inline; filename="${opened.number}.pdf"`,
      })
      .send(pdf);
  });

  app.get<{ Params: TokenParams }>('/n/:token/notice.html', { config, schema }, async (request, reply) => {
    const { token } = request.params;
    const row = firstOf(await reads.byToken(token));
    const pathOf = (sha256: string) => `/n/${token}/evidence/${sha256}`;
    return reply.headers(pageHeaders).send(await printer.html(row, reads.urlOf(token), pathOf, langOf(request)));
  });
}

/** The page works without it; with it nothing that was typed or chosen is lost. */
function scriptRoute(app: FastifyInstance): void {
  app.get('/n/page/script.js', { config, schema: { hide: true } }, async (_request, reply) =>
    reply
      .headers({ 'content-type': 'text/javascript; charset=utf-8', 'cache-control': 'public, max-age=3600' })
      .send(pageScript),
  );
}

/** Registers the pages in a scope of their own: their errors are pages, not problem details. */
export async function noticePages(app: FastifyInstance, deps: ApiDeps, parts: PageParts): Promise<void> {
  const addressLimit = createRateLimiter(REQUESTS_BY_ADDRESS);
  app.addHook('onRequest', async (request) => addressLimit.take(sourceOf(request.ip)));
  await app.register(multipart);
  app.setErrorHandler(sendPage);
  pageRoutes(app, deps, parts);
  fileRoutes(app, deps, parts);
  scriptRoute(app);
}
