/** `/n/{token}`: whoever holds the link is the site's manager; it opens this one notice and nothing else. */
import multipart from '@fastify/multipart';
import { Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { NoticeReplyBody } from '../../../contracts/api/notice.ts';
import { Sha256 } from '../../../contracts/ids.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { AppError, type Fault } from '../../../platform/app-error.ts';
import { isValid } from '../../../platform/validate.ts';
import type { NoticeContent } from '../../notices/content.ts';
import { answerFault, type NoticeAnswer, type NoticeDesk, photosOf } from '../../notices/desk.ts';
import { type PageState, renderGone, renderPage, renderWithdrawn } from '../../notices/page.ts';
import { sourceOf } from '../../registry/address.ts';
import { storedHashes } from '../../storage/evidence.ts';
import type { NoticeRow } from '../../storage/notices.ts';
import type { ApiDeps } from '../deps.ts';
import { createTries } from '../tries.ts';
import { textFaults } from '../validator.ts';
import { noticePdf } from './notices.ts';

const MAX_PHOTO = 8 * 1024 * 1024;
const MOST_PHOTOS = 4;
/** Of all photos of one answer: they are held in memory until it is known to be one. */
const MAX_PHOTOS = 16 * 1024 * 1024;
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

type Form = { readonly fields: Readonly<Record<string, string>>; readonly photos: readonly Buffer[] };

const tooMuch: Bilingual = {
  zh: `照片须为 JPEG 或 PNG，至多 ${MOST_PHOTOS} 张，单张不超过 8 MB，合计不超过 16 MB。`,
  en: `Photos must be JPEG or PNG: ${MOST_PHOTOS} at most, 8 MB each, 16 MB together.`,
};
const noName: Bilingual = {
  zh: '请填写姓名，文字不超过规定长度。',
  en: 'Give your name, and keep to the length of the fields.',
};

/** What was sent, as far as it could be read, and what is wrong with it. */
async function readForm(request: FastifyRequest): Promise<Form & { readonly fault: Bilingual | null }> {
  const fields: Record<string, string> = {};
  const photos: Buffer[] = [];
  const limits = { fileSize: MAX_PHOTO, files: MOST_PHOTOS, fields: 6, fieldSize: 16_000 };
  let room = MAX_PHOTOS;
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        const bytes = await part.toBuffer();
        room -= bytes.length;
        if (room < 0) return { fields, photos: [], fault: tooMuch };
        if (bytes.length > 0) photos.push(bytes);
      } else if (typeof part.value === 'string') fields[part.fieldname] = part.value;
    }
  } catch {
    return { fields, photos: [], fault: tooMuch };
  }
  return { fields, photos, fault: null };
}

function answerOf({ fields, photos }: Form): { readonly answer: NoticeAnswer } | { readonly fault: Bilingual } {
  const [name, text] = [fields.name?.trim() ?? '', fields.text?.trim() ?? ''];
  const body = { kind: fields.kind, name, ...(text === '' ? {} : { text }) };
  if (!isValid(NoticeReplyBody, body) || textFaults(body).length > 0) return { fault: noName };
  const { photo: _none, ...said } = body;
  const answer = { ...said, photos };
  const fault = answerFault(answer);
  return fault === null ? { answer } : { fault: sentenceOf(fault) };
}

function sentenceOf({ message, messageZh = message }: Fault): Bilingual {
  return { zh: `${messageZh}。`, en: `${message}.` };
}

/** A photo whose first bytes are right and the rest is not. */
function photoFault(error: unknown): Bilingual {
  const fault = error instanceof AppError && error.code === 'API_VALIDATION' ? error.faults[0] : undefined;
  if (!fault) throw error;
  return sentenceOf(fault);
}

const draftOf = ({ fields: { kind = '', name = '', text = '' } }: Form) => ({ kind, name, text });

export async function noticePages(app: FastifyInstance, { store, blobs }: ApiDeps, notices: NoticeDesk): Promise<void> {
  const tryAddress = createTries(REQUESTS_BY_ADDRESS);
  const tryAnswer = createTries(ANSWERS_BY_NOTICE);
  app.addHook('onRequest', async (request) => tryAddress.take(sourceOf(request.ip)));
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

  type Outcome = Pick<PageState, 'message' | 'draft'>;

  async function show(row: NoticeRow, request: FastifyRequest, reply: FastifyReply, outcome: Outcome) {
    const content = JSON.parse(row.body) as NoticeContent;
    const stored = await storedHashes(
      store.db,
      content.evidence.map((ref) => ref.sha256),
    );
    const replies = (await notices.replies(row)).map((said) => ({ ...said, photos: photosOf(said) }));
    const html = renderPage({
      ...{ content, token: row.token, state: row.state, lang: langOf(request), stored, replies },
      ...outcome,
    });
    return reply
      .code(outcome.draft === null ? 200 : 422)
      .headers(pageHeaders)
      .send(html);
  }

  // Anything opens links (previews, scanners, the office itself): looking changes nothing and proves nothing.
  app.get<{ Params: TokenParams }>('/n/:token', { config, schema }, async (request, reply) =>
    show(await notices.byToken(request.params.token), request, reply, { message: null, draft: null }),
  );

  app.post<{ Params: TokenParams }>(
    '/n/:token',
    { config, schema, bodyLimit: MAX_PHOTOS + 100_000 },
    async (request, reply) => {
      const row = await notices.byToken(request.params.token);
      tryAnswer.take(row.id);
      const form = await readForm(request);
      const read = form.fault ? { fault: form.fault } : answerOf(form);
      if ('fault' in read) return show(row, request, reply, { message: read.fault, draft: draftOf(form) });
      const refused = await notices.answer(row, read.answer).then(() => null, photoFault);
      if (refused) return show(row, request, reply, { message: refused, draft: draftOf(form) });
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
