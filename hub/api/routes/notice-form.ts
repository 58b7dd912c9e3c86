/** What a site's manager sends from the page of a notice: read within bounds, checked, held for the page to show again. */
import type { FastifyRequest } from 'fastify';
import { NoticeReplyBody } from '../../../contracts/api/notice.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import type { Fault } from '../../../platform/app-error.ts';
import { isValid } from '../../../platform/validate.ts';
import { answerFault, type NoticeAnswer } from '../../notices/answer.ts';
import type { PageState } from '../../notices/page.ts';
import { textFaults } from '../validator.ts';

const MAX_BYTES_OF_ONE = 8 * 1024 * 1024;
const MAX_PHOTOS = 6;
/** Of all photos of one answer: they are held in memory until it is known to be one. */
export const MAX_PHOTO_BYTES = 24 * 1024 * 1024;

export type NoticeForm = { readonly fields: Readonly<Record<string, string>>; readonly photos: readonly Buffer[] };

const tooMuch: Bilingual = {
  zh: `照片须为 JPEG 或 PNG，至多 ${MAX_PHOTOS} 张，单张不超过 8 MB，合计不超过 24 MB。`,
  en: `Photos must be JPEG or PNG: ${MAX_PHOTOS} at most, 8 MB each, 24 MB together.`,
};
const noName: Bilingual = {
  zh: '请填写姓名，文字不超过规定长度。',
  en: 'Give your name, and keep to the length of the fields.',
};

const unreadable: Bilingual = {
  zh: '表单未能完整收到，请再提交一次。',
  en: 'The form did not arrive whole; send it again.',
};
const OVER_LIMITS: ReadonlySet<string> = new Set(['FST_REQ_FILE_TOO_LARGE', 'FST_FILES_LIMIT']);

/** What was sent, as far as it could be read, and what is wrong with it. */
export async function readForm(request: FastifyRequest): Promise<NoticeForm & { readonly fault: Bilingual | null }> {
  const fields: Record<string, string> = {};
  const photos: Buffer[] = [];
  const limits = { fileSize: MAX_BYTES_OF_ONE, files: MAX_PHOTOS, fields: 6, fieldSize: 16_000 };
  let left = MAX_PHOTO_BYTES;
  try {
    for await (const part of request.parts({ limits })) {
      if (part.type === 'file') {
        const bytes = await part.toBuffer();
        left -= bytes.length;
        if (left < 0) return { fields, photos: [], fault: tooMuch };
        if (bytes.length > 0) photos.push(bytes);
      } else if (typeof part.value === 'string') fields[part.fieldname] = part.value;
    }
  } catch (error) {
    const { code = '' } = error as { code?: string };
    return { fields, photos: [], fault: OVER_LIMITS.has(code) ? tooMuch : unreadable };
  }
  return { fields, photos, fault: null };
}

/** A fault as whole sentences, as the page shows it. */
export const inSentences = ({ message, messageZh = message }: Fault): Bilingual => ({
  zh: `${messageZh}。`,
  en: `${message}.`,
});

/** What is shown again when the form was refused. */
export function draftOf({ fields }: NoticeForm): NonNullable<PageState['draft']> {
  const { kind = '', name = '', text = '', notice } = fields;
  return { kind, name, text, ...(notice === undefined ? {} : { notice }) };
}

/** The form as an answer, or what it lacks to be one. */
export function answerOf({
  fields,
  photos,
}: NoticeForm): { readonly answer: NoticeAnswer } | { readonly fault: Bilingual } {
  const [name, text] = [fields.name?.trim() ?? '', fields.text?.trim() ?? ''];
  const body = { kind: fields.kind, name, ...(text === '' ? {} : { text }) };
  if (!isValid(NoticeReplyBody, body) || textFaults(body).length > 0) return { fault: noName };
  const { photo: _none, ...words } = body;
  const answer = { ...words, photos };
  const fault = answerFault(answer);
  return fault === null ? { answer } : { fault: inSentences(fault) };
}
